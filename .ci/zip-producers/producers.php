<?php
// Zips of ZipArchive and PharData. `programs` calls it in the folder of contents.
$made = $argv[1];

function path(string $name): string {
    global $made;
    $path = "$made/$name.zip";
    @mkdir(dirname($path), 0777, true);
    return $path;
}

function zip(string $name, callable $fill): void {
    $zip = new ZipArchive();
    $zip->open(path($name), ZipArchive::CREATE | ZipArchive::OVERWRITE);
    $fill($zip);
    $zip->close();
}

$php = 'php-' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION . '.' . PHP_RELEASE_VERSION;
$files = ['logs/app.log', 'logs/empty.log', 'logs/sub/Größe 日志.txt'];
zip("sound/$php-ziparchive-files", function ($zip) use ($files) {
    $zip->addEmptyDir('logs/sub');
    foreach ($files as $file) {
        $zip->addFile($file);
    }
});
zip("sound/$php-ziparchive-string", fn ($zip) => $zip->addFromString('app.log', "boot ok\n"));
zip("sound/$php-ziparchive-glob", fn ($zip) => $zip->addGlob('logs/*.log'));
zip("sound/$php-ziparchive-stored", function ($zip) {
    $zip->addFile('logs/app.log');
    $zip->setCompressionName('logs/app.log', ZipArchive::CM_STORE);
});
zip("sound/$php-ziparchive-unix-mode", function ($zip) {
    $zip->addFile('logs/app.log');
    $zip->setExternalAttributesName('logs/app.log', ZipArchive::OPSYS_UNIX, 0100644 << 16);
});
zip("honest-refused/encrypted/$php-ziparchive-password", function ($zip) {
    $zip->addFile('logs/app.log');
    $zip->setEncryptionName('logs/app.log', ZipArchive::EM_AES_256, 'secret');
});

$phar = new PharData(path("sound/$php-phardata-folder"), 0, null, Phar::ZIP);
$phar->buildFromDirectory('.', '~/logs/~');
unset($phar);
$phar = new PharData(path("sound/$php-phardata-compressed"), 0, null, Phar::ZIP);
$phar->buildFromDirectory('.', '~/logs/~');
$phar->compressFiles(Phar::GZ);
unset($phar);
$phar = new PharData(path("sound/$php-phardata-string"), 0, null, Phar::ZIP);
$phar->addFromString('app.log', "boot ok\n");
$phar->addEmptyDir('sub');
unset($phar);
