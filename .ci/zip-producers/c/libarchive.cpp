// Zips of libarchive's C interface.
#include <archive.h>
#include <archive_entry.h>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>

static std::string text;
static std::string made;

static la_ssize_t write_to(archive *, void *file, const void *bytes, size_t length) {
  return fwrite(bytes, 1, length, static_cast<FILE *>(file));
}

static void entry(archive *zip, const char *name, bool sized) {
  archive_entry *entry = archive_entry_new();
  archive_entry_set_pathname_utf8(entry, name);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_mtime(entry, 1767225600, 0);
  if (sized) archive_entry_set_size(entry, text.size());
  archive_write_header(zip, entry);
  archive_write_data(zip, text.data(), text.size());
  archive_entry_free(entry);
}

// Opens with `open`, and writes an entry whose size is known or not.
static void zip(const char *folder, const char *form, bool sized, const char *options,
                std::function<void(archive *, const char *)> open) {
  std::string path = made + "/" + folder + "/libarchive-" + ARCHIVE_VERSION_ONLY_STRING + "-" + form + ".zip";
  archive *writer = archive_write_new();
  archive_write_set_format_zip(writer);
  if (options) archive_write_set_options(writer, options);
  open(writer, path.c_str());
  entry(writer, "app.log", sized);
  archive_write_close(writer);
  archive_write_free(writer);
}

int main(int, char **arguments) {
  made = arguments[1];
  for (int i = 0; i < 10; i++) text += "2026-01-01T00:00:00Z boot ok\n";
  auto file = [](archive *zip, const char *path) { archive_write_open_filename(zip, path); };
  auto callback = [](archive *zip, const char *path) {
    archive_write_open(zip, fopen(path, "wb"), nullptr, write_to, [](archive *, void *file) { return fclose(static_cast<FILE *>(file)); });
  };
  auto unpadded = [&](archive *zip, const char *path) {
    archive_write_set_bytes_in_last_block(zip, 1);
    callback(zip, path);
  };
  zip("sound", "file", true, nullptr, file);
  zip("sound", "file-stored", true, "zip:compression=store", file);
  zip("sound", "file-size-unknown", false, nullptr, file);
  zip("sound", "callback", true, nullptr, callback);
  zip("sound", "callback-unpadded", true, nullptr, unpadded);
  zip("sound", "callback-size-unknown", false, nullptr, callback);
  zip("sound", "callback-size-unknown-unpadded", false, nullptr, unpadded);
  static char buffer[65536];
  static size_t used;
  zip("sound", "memory", true, nullptr, [](archive *zip, const char *) { archive_write_open_memory(zip, buffer, sizeof buffer, &used); });
  FILE *memory = fopen((made + "/sound/libarchive-" + ARCHIVE_VERSION_ONLY_STRING + "-memory.zip").c_str(), "wb");
  fwrite(buffer, 1, used, memory);
  fclose(memory);
}
