package io.fleetwell.logs;

import static io.fleetwell.logs.UnsoundZipException.require;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The places of an archive's entries in the folder where it is unpacked. No entry may change what another one becomes. */
final class ZipPlaces {
  private final TreeSet<String> all = new TreeSet<>();
  private final Set<String> files = new HashSet<>();

  /** Takes the places of one more entry. */
  void add(ZipEntryName name) throws UnsoundZipException {
    for (String place : name.places()) {
      require(all.add(place), ZipRule.DUPLICATE_NAME);
      if (!name.isFolder()) {
        files.add(place);
      }
    }
  }

  /** Checks that no file is another entry's folder. Programs would extract one or the other. */
  void checkFolders() throws UnsoundZipException {
    for (String file : files) {
      String folder = file + "/";
      String next = all.ceiling(folder);
      require(next == null || !next.startsWith(folder), ZipRule.FILE_AS_FOLDER);
    }
  }
}
