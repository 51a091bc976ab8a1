// Zips of QuaZip.
#include <JlCompress.h>
#include <QBuffer>
#include <QFile>
#include <quazip.h>
#include <quazipfile.h>
#include <quazipnewinfo.h>

static QString made;

static void zip(const QString &folder, const QString &form, bool sequential, bool zip64, int method) {
  QFile file(made + "/" + folder + "/quazip-1.4-" + form + ".zip");
  file.open(QIODevice::WriteOnly);
  QuaZip zip(&file);
  zip.setZip64Enabled(zip64);
  zip.setUtf8Enabled(true);
  zip.setDataDescriptorWritingEnabled(sequential);
  zip.open(QuaZip::mdCreate);
  QuaZipNewInfo info("app.log");
  info.dateTime = QDateTime(QDate(2026, 1, 1), QTime(0, 0));
  QuaZipFile entry(&zip);
  entry.open(QIODevice::WriteOnly, info, nullptr, 0, method);
  entry.write("2026-01-01T00:00:00Z boot ok\n2026-01-01T00:00:01Z boot ok\n");
  entry.close();
  zip.close();
}

int main(int, char **arguments) {
  made = arguments[1];
  JlCompress::compressDir(made + "/sound/quazip-1.4-folder.zip", "logs");
  JlCompress::compressFile(made + "/sound/quazip-1.4-one-file.zip", "logs/app.log");
  zip("sound", "descriptor", true, false, Z_DEFLATED);
  zip("sound", "stored", false, false, 0);
  zip("honest-refused/zip64", "zip64", false, true, Z_DEFLATED);
  zip("sound", "zip64-descriptor", true, true, Z_DEFLATED);
}
