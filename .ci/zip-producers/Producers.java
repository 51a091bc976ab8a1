import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.lingala.zip4j.ZipFile;
import net.lingala.zip4j.model.ZipParameters;
import net.lingala.zip4j.model.enums.CompressionMethod;
import net.lingala.zip4j.model.enums.EncryptionMethod;
import org.apache.commons.compress.archivers.zip.ParallelScatterZipCreator;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.tools.ant.Project;
import org.apache.tools.ant.taskdefs.Jar;
import org.apache.tools.ant.taskdefs.Zip;
import org.zeroturnaround.zip.ByteSource;
import org.zeroturnaround.zip.ZipUtil;

/** Zips of the JDK, commons-compress, Ant, zip4j and zt-zip. {@code run} calls it in the folder of contents. */
final class Producers {
  private static final FileTime TIME = FileTime.fromMillis(1_767_225_600_000L);
  private static final String NAME = "app.log";

  private static Path made;
  private static byte[] text;

  private interface Fill<T> {
    void into(T zip) throws Exception;
  }

  public static void main(String... arguments) throws Exception {
    made = Path.of(arguments[0]);
    text = Files.readAllBytes(Path.of("logs/app.log"));
    jdk("jdk-" + Runtime.version().feature());
    commonsCompress("commons-compress-1.27.1");
    ant("ant-1.10.15");
    zip4j("zip4j-2.11.5");
    ztZip("zt-zip-1.17");
  }

  private static Path sound(String name) throws Exception {
    return path("sound", name);
  }

  private static Path refused(String rule, String name) throws Exception {
    return path("honest-refused/" + rule, name);
  }

  private static Path path(String folder, String name) throws Exception {
    Path path = made.resolve(folder).resolve(name + ".zip");
    Files.createDirectories(path.getParent());
    Files.deleteIfExists(path);
    return path;
  }

  private static void jdk(String jdk) throws Exception {
    zipOutputStream(jdk + "-zip-output-stream", zip -> {
      ZipEntry folder = new ZipEntry("sub/");
      folder.setTimeLocal(TIME.toInstant().atOffset(java.time.ZoneOffset.UTC).toLocalDateTime());
      zip.putNextEntry(folder);
      add(zip, new ZipEntry(NAME));
      add(zip, new ZipEntry("Größe 日志.txt"));
    });
    zipOutputStream(jdk + "-zip-output-stream-times", zip -> add(zip, new ZipEntry(NAME).setLastModifiedTime(TIME)));
    zipOutputStream(jdk + "-zip-output-stream-stored", zip -> {
      ZipEntry entry = new ZipEntry(NAME);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(text.length);
      entry.setCrc(crc());
      add(zip, entry);
    });
    zipOutputStream(jdk + "-zip-output-stream-comment", zip -> {
      zip.setComment("from device 7");
      add(zip, new ZipEntry(NAME));
    });

    jar("--create", "--file", sound(jdk + "-jar"), "--date=2026-01-01T00:00:00Z", "logs");
    jar("--create", "--no-manifest", "--file", sound(jdk + "-jar-no-manifest"), "--date=2026-01-01T00:00:00Z", "logs");
    jar("--create", "--no-compress", "--no-manifest", "--file", sound(jdk + "-jar-stored"), "--date=2026-01-01T00:00:00Z", "logs");
    Path updated = sound(jdk + "-jar-updated");
    jar("--create", "--no-manifest", "--file", updated, "--date=2026-01-01T00:00:00Z", "logs/app.log");
    jar("--update", "--no-manifest", "--file", updated, "--date=2026-01-01T00:00:00Z", "logs/empty.log");

    zipfs(sound(jdk + "-zipfs"), Map.of("create", "true"));
    zipfs(sound(jdk + "-zipfs-stored"), Map.of("create", "true", "compressionMethod", "STORED"));
    zipfs(sound(jdk + "-zipfs-no-temporary-file"), Map.of("create", "true", "useTempFile", "false"));
    zipfs(sound(jdk + "-zipfs-posix"), Map.of("create", "true", "enablePosixFileAttributes", "true"));
    zipfs(sound(jdk + "-zipfs-zip64-end-forced"), Map.of("create", "true", "forceZIP64End", "true"));
    Path changed = sound(jdk + "-zipfs-updated");
    zipfs(changed, Map.of("create", "true"));
    try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + changed.toUri()), Map.of())) {
      Files.write(zip.getPath("later.log"), text);
      Files.setLastModifiedTime(zip.getPath("later.log"), TIME);
    }
  }

  private static void zipOutputStream(String name, Fill<ZipOutputStream> fill) throws Exception {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(sound(name)))) {
      fill.into(zip);
    }
  }

  private static void add(ZipOutputStream zip, ZipEntry entry) throws Exception {
    if (entry.getTime() == -1) {
      entry.setTimeLocal(TIME.toInstant().atOffset(java.time.ZoneOffset.UTC).toLocalDateTime());
    }
    zip.putNextEntry(entry);
    zip.write(text);
    zip.closeEntry();
  }

  private static long crc() {
    CRC32 crc = new CRC32();
    crc.update(text);
    return crc.getValue();
  }

  private static void jar(Object... arguments) {
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, words);
  }

  private static void zipfs(Path path, Map<String, String> options) throws Exception {
    try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + path.toUri()), options)) {
      Files.createDirectory(zip.getPath("sub"));
      Files.write(zip.getPath("sub", NAME), text);
      Files.setLastModifiedTime(zip.getPath("sub", NAME), TIME);
      Files.setLastModifiedTime(zip.getPath("sub"), TIME);
    }
  }

  private static void commonsCompress(String name) throws Exception {
    // No size, as its documentation shows for streams.
    Fill<ZipArchiveOutputStream> unknown = zip -> add(zip, entry());
    Fill<ZipArchiveOutputStream> sized = zip -> {
      ZipArchiveEntry entry = entry();
      entry.setSize(text.length);
      add(zip, entry);
    };
    Fill<ZipArchiveOutputStream> stored = zip -> {
      ZipArchiveEntry entry = entry();
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(text.length);
      entry.setCrc(crc());
      add(zip, entry);
    };
    toFile(sound(name + "-file"), unknown);
    toFile(sound(name + "-file-sized"), sized);
    toFile(sound(name + "-file-stored"), stored);
    toFile(sound(name + "-file-from-path"), zip -> add(zip, withTime(zip.createArchiveEntry(new File("logs/app.log"), NAME))));
    for (Zip64Mode mode : Zip64Mode.values()) {
      String form = "-file-zip64-" + mode.name().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase();
      boolean sentinels = mode.name().startsWith("Always");
      toFile(sentinels ? refused("zip64", name + form) : sound(name + form), zip -> {
        zip.setUseZip64(mode);
        unknown.into(zip);
      });
    }
    try (var channel = Files.newByteChannel(sound(name + "-channel"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(channel)) {
        unknown.into(zip);
      }
    }
    toStream(sound(name + "-stream"), unknown);
    toStream(sound(name + "-stream-sized"), sized);
    toStream(sound(name + "-stream-stored"), stored);
    toStream(refused("zip64", name + "-stream-zip64-always"), zip -> {
      zip.setUseZip64(Zip64Mode.Always);
      unknown.into(zip);
    });
    toFile(sound(name + "-unicode-extra-fields"), zip -> {
      zip.setCreateUnicodeExtraFields(ZipArchiveOutputStream.UnicodeExtraFieldPolicy.ALWAYS);
      zip.setEncoding("Cp437");
      zip.setUseLanguageEncodingFlag(false);
      ZipArchiveEntry entry = named("Größe.log");
      entry.setSize(text.length);
      add(zip, entry);
    });
    toFile(refused("unicode-path-disagrees", name + "-unicode-extra-fields-not-encodeable"), zip -> {
      zip.setCreateUnicodeExtraFields(ZipArchiveOutputStream.UnicodeExtraFieldPolicy.NOT_ENCODEABLE);
      zip.setEncoding("Cp437");
      zip.setFallbackToUTF8(false);
      ZipArchiveEntry entry = named("日志.log");
      entry.setSize(text.length);
      add(zip, entry);
    });
    toFile(sound(name + "-unix-mode"), zip -> {
      ZipArchiveEntry entry = entry();
      entry.setUnixMode(0100644);
      entry.setSize(text.length);
      add(zip, entry);
    });
    toFile(refused("link-or-device", name + "-link"), zip -> {
      ZipArchiveEntry entry = named("current");
      entry.setUnixMode(0120777);
      entry.setSize(text.length);
      add(zip, entry);
    });
    toFile(sound(name + "-parallel"), Producers::parallel);
  }

  private static void parallel(ZipArchiveOutputStream zip) throws Exception {
    ParallelScatterZipCreator creator = new ParallelScatterZipCreator();
    ZipArchiveEntry entry = entry();
    entry.setMethod(ZipEntry.DEFLATED);
    creator.addArchiveEntry(entry, () -> new ByteArrayInputStream(text));
    try {
      creator.writeTo(zip);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ZipArchiveEntry entry() {
    return named(NAME);
  }

  private static ZipArchiveEntry named(String name) {
    return withTime(new ZipArchiveEntry(name));
  }

  private static ZipArchiveEntry withTime(ZipArchiveEntry entry) {
    entry.setTime(TIME.toMillis());
    return entry;
  }

  private static void add(ZipArchiveOutputStream zip, ZipArchiveEntry entry) throws Exception {
    zip.putArchiveEntry(entry);
    zip.write(text);
    zip.closeArchiveEntry();
  }

  private static void toFile(Path path, Fill<ZipArchiveOutputStream> fill) throws Exception {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(path.toFile())) {
      fill.into(zip);
    }
  }

  private static void toStream(Path path, Fill<ZipArchiveOutputStream> fill) throws Exception {
    try (OutputStream out = Files.newOutputStream(path); ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
      fill.into(zip);
    }
  }

  private static void ant(String name) throws Exception {
    task(sound(name + "-zip-task"), new Zip());
    for (String mode : new String[] {"never", "as-needed", "always"}) {
      Zip zip = new Zip();
      Zip.Zip64ModeAttribute attribute = new Zip.Zip64ModeAttribute();
      attribute.setValue(mode);
      zip.setZip64Mode(attribute);
      String form = name + "-zip-task-zip64-" + mode;
      task(mode.equals("always") ? refused("zip64", form) : sound(form), zip);
    }
    Zip stored = new Zip();
    stored.setCompress(false);
    task(sound(name + "-zip-task-stored"), stored);
    task(sound(name + "-jar-task"), new Jar());

    var toFile = new org.apache.tools.zip.ZipOutputStream(sound(name + "-file").toFile());
    fill(toFile);
    var toStream = new org.apache.tools.zip.ZipOutputStream(Files.newOutputStream(sound(name + "-stream")));
    fill(toStream);
  }

  private static void task(Path path, Zip task) {
    task.setProject(new Project());
    task.setDestFile(path.toFile());
    task.setBasedir(new File("logs"));
    task.setModificationtime("01/01/2026 00:00 AM");
    task.execute();
  }

  private static void fill(org.apache.tools.zip.ZipOutputStream zip) throws Exception {
    var entry = new org.apache.tools.zip.ZipEntry(NAME);
    entry.setTime(TIME.toMillis());
    zip.putNextEntry(entry);
    zip.write(text);
    zip.closeEntry();
    zip.close();
  }

  private static void zip4j(String name) throws Exception {
    try (ZipFile zip = new ZipFile(sound(name + "-file").toFile())) {
      zip.addFile("logs/app.log");
    }
    try (ZipFile zip = new ZipFile(sound(name + "-folder").toFile())) {
      zip.addFolder(new File("logs"));
    }
    try (ZipFile zip = new ZipFile(sound(name + "-stored").toFile())) {
      ZipParameters parameters = new ZipParameters();
      parameters.setCompressionMethod(CompressionMethod.STORE);
      zip.addFile("logs/app.log", parameters);
    }
    try (ZipFile zip = new ZipFile(sound(name + "-stream").toFile())) {
      zip.addStream(new ByteArrayInputStream(text), parameters());
    }
    var out = new ByteArrayOutputStream();
    try (var zip = new net.lingala.zip4j.io.outputstream.ZipOutputStream(out)) {
      zip.putNextEntry(parameters());
      zip.write(text);
      zip.closeEntry();
    }
    Files.write(sound(name + "-zip-output-stream"), out.toByteArray());
    try (ZipFile zip = new ZipFile(refused("encrypted", name + "-aes").toFile(), "secret".toCharArray())) {
      ZipParameters parameters = parameters();
      parameters.setEncryptFiles(true);
      parameters.setEncryptionMethod(EncryptionMethod.AES);
      zip.addStream(new ByteArrayInputStream(text), parameters);
    }
  }

  private static ZipParameters parameters() {
    ZipParameters parameters = new ZipParameters();
    parameters.setFileNameInZip(NAME);
    parameters.setLastModifiedFileTime(TIME.toMillis());
    return parameters;
  }

  private static void ztZip(String name) throws Exception {
    ZipUtil.pack(new File("logs"), sound(name + "-folder").toFile());
    ZipUtil.packEntry(new File("logs/app.log"), sound(name + "-file").toFile());
    ZipUtil.pack(
        new org.zeroturnaround.zip.ZipEntrySource[] {new ByteSource(NAME, text, TIME.toMillis())},
        sound(name + "-bytes").toFile());
    Path replaced = sound(name + "-added");
    ZipUtil.packEntry(new File("logs/app.log"), replaced.toFile());
    ZipUtil.addEntry(replaced.toFile(), "later.log", text);
  }
}
