# Reads the output of mvn --batch-mode, and prints how much it has downloaded, warnings and errors. Fails if the build did.

/Downloaded from/ {
  # ... (108 kB at 131 kB/s)
  match($0, /\([0-9.]+ [kM]?B/)
  split(substr($0, RSTART + 1, RLENGTH - 1), size, " ")
  bytes += size[1] * (size[2] == "MB" ? 1e6 : size[2] == "kB" ? 1e3 : 1)
  if (bytes >= told + 20e6) {
    told = bytes
    printf "  %d of about 195 MB downloaded\n", bytes / 1e6
    fflush()
  }
}

/^\[(ERROR|WARNING)\]|^Error/ { print }

/BUILD SUCCESS/ { built = 1 }

END { exit !built }
