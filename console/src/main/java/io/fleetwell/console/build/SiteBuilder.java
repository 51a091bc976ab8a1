package io.fleetwell.console.build;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Writes the files that the function serves, compressed, into the folder {@code site} of the class files. */
public final class SiteBuilder {
  private static final List<String> OF_SWAGGER_UI =
      List.of("swagger-ui.css", "swagger-ui-bundle.js");

  private final Path site;

  private SiteBuilder(Path site) {
    this.site = site;
  }

  /** Takes the folder with our own files, {@code openapi.yaml}, and the folder of the class files. */
  public static void main(String[] arguments) throws IOException {
    SiteBuilder builder =
        new SiteBuilder(Files.createDirectories(Path.of(arguments[2]).resolve("site")));
    builder.writeOwn(Path.of(arguments[0]));
    builder.writeContract(Path.of(arguments[1]));
    builder.writeSwaggerUi();
  }

  private void writeOwn(Path sources) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(sources)) {
      for (Path file : files) {
        write(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
  }

  private void writeContract(Path contract) throws IOException {
    String yaml = Files.readString(contract);
    Object value = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    write("openapi.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    write("openapi.json", new JsonMapper().writeValueAsBytes(value));
  }

  private void writeSwaggerUi() throws IOException {
    Properties pom = new Properties();
    try (InputStream in = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
      pom.load(in);
    }
    String folder =
        "/META-INF/resources/webjars/swagger-ui/%s/".formatted(pom.getProperty("version"));
    for (String file : OF_SWAGGER_UI) {
      try (InputStream in = open(folder + file)) {
        write(file, in.readAllBytes());
      }
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = SiteBuilder.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException(resource + " is not on the class path");
    }
    return in;
  }

  private void write(String name, byte[] bytes) throws IOException {
    ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
    try (OutputStream out = new BestGzip(gzipped)) {
      out.write(bytes);
    }
    Files.write(site.resolve(name + ".gz"), gzipped.toByteArray());
  }

  /** Compresses as well as it can. */
  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
