# Zips of Archive::Zip and IO::Compress::Zip. `programs` calls it in the folder of contents.
use strict;
use warnings;
use utf8;
use Archive::Zip qw(:CONSTANTS);
use File::Basename;
use File::Path;
use IO::Compress::Zip qw(:all);

my $made = shift;
my $time = $ENV{SOURCE_DATE_EPOCH};
my @files = ('logs/app.log', 'logs/empty.log');

sub path {
    my $path = "$made/$_[0].zip";
    File::Path::make_path(dirname($path));
    return $path;
}

my $archive = "sound/perl-archive-zip-$Archive::Zip::VERSION";

sub tree {
    my $zip = Archive::Zip->new;
    $zip->addTree('logs', 'logs');
    return $zip;
}
tree()->writeToFileNamed(path("$archive-tree"));
my $stored = tree();
$_->desiredCompressionMethod(COMPRESSION_STORED) for $stored->members;
$stored->writeToFileNamed(path("$archive-stored"));
my $string = Archive::Zip->new;
$string->addString("boot ok\n" x 10, 'app.log')->setLastModFileDateTimeFromUnix($time);
$string->writeToFileNamed(path("$archive-string"));
open(my $pipe, '|-', "cat >'" . path("$archive-to-pipe") . "'") or die;
tree()->writeToFileHandle($pipe, 0);
close $pipe;

my $io = "sound/perl-io-compress-$IO::Compress::Zip::VERSION";
my %named = (Name => 'app.log', Time => $time);
zip 'logs/app.log' => path("$io-file");
zip \@files => path("$io-files");
zip 'logs/app.log' => path("$io-stored"), Method => ZIP_CM_STORE;
zip 'logs/app.log' => path("$io-minimal"), Minimal => 1;
zip \"boot ok\n" => path("$io-buffer"), %named;
zip \"boot ok\n" => path("$io-stream"), %named, Stream => 1;
zip \"boot ok\n" => path("$io-stored-stream"), %named, Stream => 1, Method => ZIP_CM_STORE;
open($pipe, '|-', "cat >'" . path("$io-to-pipe") . "'") or die;
zip 'logs/app.log' => $pipe, Name => 'app.log';
close $pipe;
zip \"boot ok\n" => path("honest-refused/zip64/perl-io-compress-$IO::Compress::Zip::VERSION-zip64"), %named, Zip64 => 1;
zip \"boot ok\n" => path("honest-refused/zip64/perl-io-compress-$IO::Compress::Zip::VERSION-zip64-stream"), %named, Zip64 => 1, Stream => 1;
zip \"boot ok\n" => path("honest-refused/empty-name/perl-io-compress-$IO::Compress::Zip::VERSION-buffer-without-name"), Time => $time;
open(STDIN, '-|', 'cat logs/app.log') or die;
zip '-' => path("$io-stdin"), Name => 'app.log', Time => $time;
