# Zips of rubyzip. `programs` calls it in the folder of contents.
require "fileutils"
require "zip"
require "zip/version"

MADE = ARGV[0]

def path(name)
  path = "#{MADE}/#{name}.zip"
  FileUtils.mkdir_p(File.dirname(path))
  path
end

NAME = "rubyzip-#{Zip::VERSION}"
FILES = Dir["logs/**/*"].sort

[["", false], ["-zip64-support", true]].each do |suffix, zip64|
  Zip.write_zip64_support = zip64
  Zip::File.open(path("sound/#{NAME}-files#{suffix}"), Zip::File::CREATE) do |zip|
    FILES.each { |file| zip.add(file, file) }
  end
  buffer = Zip::OutputStream.write_buffer do |out|
    out.put_next_entry("app.log")
    out.write("boot ok\n" * 10)
  end
  File.binwrite(path("sound/#{NAME}-buffer#{suffix}"), buffer.string)
end
Zip.write_zip64_support = false
Zip.unicode_names = true
Zip::File.open(path("sound/#{NAME}-unicode-names"), Zip::File::CREATE) do |zip|
  FILES.each { |file| zip.add(file, file) }
end
Zip::File.open(path("sound/#{NAME}-stream"), Zip::File::CREATE) do |zip|
  zip.get_output_stream("app.log") { |out| out.write("boot ok\n" * 10) }
end
Zip::OutputStream.open(path("sound/#{NAME}-stored")) do |out|
  out.put_next_entry("app.log", nil, nil, Zip::Entry::STORED)
  out.write("boot ok\n")
end
