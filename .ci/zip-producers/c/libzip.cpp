// Zips of libzip's C interface.
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <zip.h>

static const char text[] = "2026-01-01T00:00:00Z boot ok\n2026-01-01T00:00:01Z boot ok\n2026-01-01T00:00:02Z boot ok\n";
static std::string made;

// A source without size and time, as in the documentation of zip_source_function.
static zip_int64_t function(void *state, void *data, zip_uint64_t length, zip_source_cmd_t command) {
  size_t &at = *static_cast<size_t *>(state);
  switch (command) {
    case ZIP_SOURCE_OPEN: at = 0; return 0;
    case ZIP_SOURCE_READ: {
      size_t left = strlen(text) - at, count = left < length ? left : length;
      memcpy(data, text + at, count);
      at += count;
      return count;
    }
    case ZIP_SOURCE_STAT: zip_stat_init(static_cast<zip_stat_t *>(data)); return sizeof(zip_stat_t);
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                            ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    default: return 0;
  }
}

static void zip(const std::string &folder, const std::string &form, std::function<zip_source_t *(zip_t *)> source,
                std::function<void(zip_t *)> then = [](zip_t *) {}) {
  std::string path = made + "/" + folder + "/libzip-" + zip_libzip_version() + "-" + form + ".zip";
  remove(path.c_str());
  zip_t *zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  zip_file_add(zip, "app.log", source(zip), ZIP_FL_ENC_UTF_8);
  zip_file_set_mtime(zip, 0, 1767225600, 0);
  then(zip);
  if (zip_close(zip) < 0) printf("failed libzip %s: %s\n", form.c_str(), zip_strerror(zip));
}

int main(int, char **arguments) {
  made = arguments[1];
  static size_t at;
  auto buffer = [](zip_t *zip) { return zip_source_buffer(zip, text, strlen(text), 0); };
  auto callback = [](zip_t *zip) { return zip_source_function(zip, function, &at); };
  auto stored = [](zip_t *zip) { zip_set_file_compression(zip, 0, ZIP_CM_STORE, 0); };
  zip("sound", "buffer", buffer);
  zip("sound", "buffer-stored", buffer, stored);
  zip("sound", "file", [](zip_t *zip) { return zip_source_file(zip, "logs/app.log", 0, -1); });
  zip("sound", "callback", callback);
  zip("sound", "callback-stored", callback, stored);
  zip("sound", "folder-and-comment", buffer, [](zip_t *zip) {
    zip_dir_add(zip, "sub", ZIP_FL_ENC_UTF_8);
    zip_set_archive_comment(zip, "from device 7", 13);
  });
  zip("honest-refused/encrypted", "password", buffer, [](zip_t *zip) { zip_file_set_encryption(zip, 0, ZIP_EM_AES_256, "secret"); });
  zip("honest-refused/unsupported-method", "bzip2", buffer, [](zip_t *zip) { zip_set_file_compression(zip, 0, ZIP_CM_BZIP2, 0); });

  zip_source_t *memory = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_t *zip = zip_open_from_source(memory, ZIP_TRUNCATE, nullptr);
  zip_source_keep(memory);
  zip_file_add(zip, "app.log", zip_source_buffer(zip, text, strlen(text), 0), 0);
  zip_file_set_mtime(zip, 0, 1767225600, 0);
  zip_close(zip);
  zip_source_open(memory);
  static char bytes[65536];
  FILE *file = fopen((made + "/sound/libzip-" + zip_libzip_version() + "-in-memory.zip").c_str(), "wb");
  fwrite(bytes, 1, zip_source_read(memory, bytes, sizeof bytes), file);
  fclose(file);
}
