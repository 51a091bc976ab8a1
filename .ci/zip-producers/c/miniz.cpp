// Zips of the miniz that kuba--/zip includes.
#include <cstdio>
#include <cstring>
#include <string>
#define MINIZ_HEADER_FILE_ONLY
extern "C" {
#include "miniz.h"
}

static const char text[] = "2026-01-01T00:00:00Z boot ok\n2026-01-01T00:00:01Z boot ok\n2026-01-01T00:00:02Z boot ok\n";

int main(int, char **arguments) {
  std::string sound = std::string(arguments[1]) + "/sound/miniz-" MZ_VERSION "-";
  mz_zip_archive zip = {};
  mz_zip_writer_init_file(&zip, (sound + "file.zip").c_str(), 0);
  mz_zip_writer_add_mem(&zip, "app.log", text, strlen(text), MZ_DEFAULT_LEVEL);
  mz_zip_writer_add_mem(&zip, "sub/", nullptr, 0, 0);
  mz_zip_writer_finalize_archive(&zip);
  mz_zip_writer_end(&zip);

  zip = {};
  mz_zip_writer_init_file(&zip, (sound + "stored.zip").c_str(), 0);
  mz_zip_writer_add_mem(&zip, "app.log", text, strlen(text), MZ_NO_COMPRESSION);
  mz_zip_writer_finalize_archive(&zip);
  mz_zip_writer_end(&zip);

  zip = {};
  void *bytes = nullptr;
  size_t length = 0;
  mz_zip_writer_init_heap(&zip, 0, 0);
  mz_zip_writer_add_mem(&zip, "app.log", text, strlen(text), MZ_DEFAULT_LEVEL);
  mz_zip_writer_finalize_heap_archive(&zip, &bytes, &length);
  FILE *file = fopen((sound + "in-memory.zip").c_str(), "wb");
  fwrite(bytes, 1, length, file);
  fclose(file);
  mz_zip_writer_end(&zip);

  std::string path = sound + "in-place.zip";
  remove(path.c_str());
  for (const char *name : {"one.log", "two.log"})
    mz_zip_add_mem_to_archive_file_in_place(path.c_str(), name, text, strlen(text), "", 0, MZ_DEFAULT_LEVEL);
}
