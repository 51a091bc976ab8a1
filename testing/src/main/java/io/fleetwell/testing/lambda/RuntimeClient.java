package io.fleetwell.testing.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/** The parts of Lambda's image besides a function's package: a JDK and the runtime client. */
public final class RuntimeClient {
  static final String MAIN = AWSLambda.class.getName();

  private static final int LAMBDAS_JAVA = 25;

  /** One class of each jar of the runtime client. */
  private static final List<Class<?>> PARTS =
      List.of(AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class);

  private RuntimeClient() {}

  static Stream<Path> jars() {
    return PARTS.stream().map(RuntimeClient::jarOf);
  }

  private static Path jarOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The option that names its native library. Without it, the client unpacks the library to a fixed path under
   * {@code /tmp}, where concurrent processes overwrite it.
   */
  static String nativeLibrary() {
    return "-D%s.NativeClient.JNI=%s"
        .formatted(MAIN.replace("AWSLambda", "runtimeapi"), Unpacked.LIBRARY);
  }

  private static final class Unpacked {
    static final Path LIBRARY = unpack();

    private static Path unpack() {
      String architecture = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch_64";
      String name = "/jni/libaws-lambda-jni.linux-%s.so".formatted(architecture);
      try (InputStream in = Objects.requireNonNull(AWSLambda.class.getResourceAsStream(name))) {
        Path file = Files.createTempFile("runtime-client", ".so");
        file.toFile().deleteOnExit();
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Lambda's version of Java, if installed beside the JDK that runs the tests; otherwise that JDK. */
  static Path java() {
    return java(LAMBDAS_JAVA).orElseGet(() -> Path.of(System.getProperty("java.home"), "bin/java"));
  }

  /** Java of a version, if the current JDK or one installed beside it has that version. */
  public static Optional<Path> java(int version) {
    Path running = Path.of(System.getProperty("java.home"));
    if (Runtime.version().feature() == version) {
      return Optional.of(running.resolve("bin/java"));
    }
    try (Stream<Path> beside = Files.list(running.resolve("..").normalize())) {
      return beside
          .filter(home -> isOf(version, home))
          .findFirst()
          .map(home -> home.resolve("bin/java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOf(int version, Path home) {
    Path release = home.resolve("release");
    try {
      return Files.isReadable(release)
          && Files.readString(release).contains("JAVA_VERSION=\"" + version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
