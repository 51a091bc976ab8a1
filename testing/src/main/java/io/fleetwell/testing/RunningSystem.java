package io.fleetwell.testing;

import io.fleetwell.Wiring;
import io.fleetwell.local.LocalStores;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.LocalSystem.Settings;
import io.fleetwell.local.Stores;
import io.fleetwell.local.Template;
import io.fleetwell.local.TemplateReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test the local system, started once for all of them, and an {@link Api} to call it with. */
public final class RunningSystem implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RunningSystem.class);

  /** Names the one address of a DynamoDB and an S3 to run the tests on, such as LocalStack's. */
  static final String STORES = "fleetwell.stores";

  /** The repository's root, seen from the folder of a module, in which Maven runs tests. */
  public static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  private record Shared(LocalSystem system, Path data) implements AutoCloseable {
    static Shared start() {
      try {
        Path data = Files.createTempDirectory("fleetwell");
        return new Shared(RunningSystem.start(settings(data)), data);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws IOException {
      system.close();
      TestFolders.delete(data);
    }
  }

  /** The template as it is, without a system that runs. */
  public static Template template() {
    return TemplateReader.read(
        PROJECT.resolve("template.yaml"),
        Map.of("OidcIssuer", "https://issuer.example", "OidcAudience", "fleetwell"));
  }

  public static Settings settings(Path data) {
    return new Settings(0, data, false, PROJECT, Clock.systemUTC(), line -> {});
  }

  /** On the stores that the tests are to run on. */
  public static LocalSystem start(Settings settings) throws Exception {
    return LocalSystem.start(settings, stores());
  }

  /** In this process, unless there is an address of others. */
  public static Stores.Source stores() {
    String address = System.getProperty(STORES);
    if (address == null) {
      return LocalStores::start;
    }
    URI both = URI.create(address);
    return data -> new StoresElsewhere(both, both);
  }

  /** With the stores in a process of their own. */
  public static LocalSystem startWithStoresApart(Settings settings) throws Exception {
    return LocalSystem.start(settings, StoresApart::start);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == LocalSystem.class || type == Api.class || type == Wiring.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    LocalSystem system = context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Shared.class, it -> Shared.start(), Shared.class)
        .system();
    Class<?> type = parameter.getParameter().getType();
    if (type == Api.class) {
      return new Api(system);
    }
    return type == Wiring.class ? new Wiring(system.environment(), Clock.systemUTC()) : system;
  }
}
