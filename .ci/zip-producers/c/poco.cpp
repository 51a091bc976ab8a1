// Zips of Poco::Zip.
#include <Poco/DateTime.h>
#include <Poco/Path.h>
#include <Poco/Version.h>
#include <Poco/Zip/Compress.h>
#include <Poco/Zip/ZipCommon.h>
#include <fstream>
#include <sstream>
#include <string>

using namespace Poco::Zip;

static void zip(const std::string &made, const std::string &form, bool seekable, bool zip64, ZipCommon::CompressionMethod method) {
  std::string version = std::to_string(POCO_VERSION >> 24) + "." + std::to_string(POCO_VERSION >> 16 & 255) + "." +
                        std::to_string(POCO_VERSION >> 8 & 255);
  std::ofstream out(made + "/sound/poco-" + version + "-" + form + ".zip", std::ios::binary);
  Compress compress(out, seekable, zip64);
  std::istringstream text("2026-01-01T00:00:00Z boot ok\n2026-01-01T00:00:01Z boot ok\n");
  compress.addDirectory(Poco::Path("sub/"), Poco::DateTime(2026, 1, 1));
  compress.addFile(text, Poco::DateTime(2026, 1, 1), Poco::Path("sub/app.log"), method);
  compress.close();
}

int main(int, char **arguments) {
  zip(arguments[1], "file", true, false, ZipCommon::CM_DEFLATE);
  zip(arguments[1], "stored", true, false, ZipCommon::CM_STORE);
  zip(arguments[1], "stream", false, false, ZipCommon::CM_DEFLATE);
  zip(arguments[1], "stored-stream", false, false, ZipCommon::CM_STORE);
  zip(arguments[1], "zip64", true, true, ZipCommon::CM_DEFLATE);
  zip(arguments[1], "zip64-stream", false, true, ZipCommon::CM_DEFLATE);
}
