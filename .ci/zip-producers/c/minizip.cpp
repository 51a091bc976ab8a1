// Zips of zlib's minizip, its C interface.
#include <cstring>
#include <string>
#include <minizip/zip.h>

static const char text[] = "2026-01-01T00:00:00Z boot ok\n2026-01-01T00:00:01Z boot ok\n2026-01-01T00:00:02Z boot ok\n";

static void zip(const std::string &made, const char *folder, const char *form, int method, int zip64) {
  zipFile zip = zipOpen64((made + "/" + folder + "/minizip-1.1-" + form + ".zip").c_str(), APPEND_STATUS_CREATE);
  zip_fileinfo info = {};
  info.tmz_date.tm_year = 2026;
  info.tmz_date.tm_mday = 1;
  zipOpenNewFileInZip64(zip, "app.log", &info, nullptr, 0, nullptr, 0, nullptr, method, 6, zip64);
  zipWriteInFileInZip(zip, text, strlen(text));
  zipCloseFileInZip(zip);
  zipClose(zip, "");
}

int main(int, char **arguments) {
  zip(arguments[1], "sound", "file", Z_DEFLATED, 0);
  zip(arguments[1], "sound", "stored", 0, 0);
  zip(arguments[1], "honest-refused/zip64", "zip64", Z_DEFLATED, 1);
}
