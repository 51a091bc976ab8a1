// Zips of kuba--/zip, as its README makes them, and in the mode of 'w' - 64.
#include <cstdio>
#include <cstring>
#include <string>
extern "C" {
#include "zip.h"
}

static const char text[] = "2026-01-01T00:00:00Z boot ok\n2026-01-01T00:00:01Z boot ok\n2026-01-01T00:00:02Z boot ok\n";

static void fill(zip_t *zip) {
  zip_entry_open(zip, "app.log");
  zip_entry_write(zip, text, strlen(text));
  zip_entry_close(zip);
}

int main(int, char **arguments) {
  std::string sound = std::string(arguments[1]) + "/sound/kuba-zip-" VERSION "-";
  std::string path = sound + "file.zip";
  zip_t *zip = zip_open(path.c_str(), ZIP_DEFAULT_COMPRESSION_LEVEL, 'w');
  fill(zip);
  zip_entry_open(zip, "sub/from-a-file.log");
  zip_entry_fwrite(zip, "logs/app.log");
  zip_entry_close(zip);
  zip_close(zip);

  zip = zip_open((sound + "stored.zip").c_str(), 0, 'w');
  fill(zip);
  zip_close(zip);

  zip = zip_open((sound + "mode-w-64.zip").c_str(), ZIP_DEFAULT_COMPRESSION_LEVEL, 'w' - 64);
  fill(zip);
  zip_close(zip);

  path = sound + "appended.zip";
  zip = zip_open(path.c_str(), ZIP_DEFAULT_COMPRESSION_LEVEL, 'w');
  fill(zip);
  zip_close(zip);
  zip = zip_open(path.c_str(), ZIP_DEFAULT_COMPRESSION_LEVEL, 'a');
  zip_entry_open(zip, "later.log");
  zip_entry_write(zip, text, strlen(text));
  zip_entry_close(zip);
  zip_close(zip);

  const char *files[] = {"logs/app.log", "logs/empty.log"};
  zip_create((sound + "create.zip").c_str(), files, 2);

  zip = zip_stream_open(nullptr, 0, ZIP_DEFAULT_COMPRESSION_LEVEL, 'w');
  fill(zip);
  void *bytes = nullptr;
  size_t length = 0;
  zip_stream_copy(zip, &bytes, &length);
  FILE *file = fopen((sound + "in-memory.zip").c_str(), "wb");
  fwrite(bytes, 1, length, file);
  fclose(file);
  zip_stream_close(zip);
}
