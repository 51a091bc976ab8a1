package io.fleetwell.testing;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalAccount;
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
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Provides tests with the local system, which starts once for all of them, and with an {@link Api} to call it. */
public final class RunningSystem implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RunningSystem.class);

  /** The system property with the address of the DynamoDB and S3 for the tests, such as LocalStack's. */
  static final String STORES = "fleetwell.stores";

  private record Shared(LocalSystem system, Path data) implements AutoCloseable {
    static Shared start() {
      try {
        Path data = Files.createTempDirectory("fleetwell");
        return new Shared(RunningSystem.start(Project.settings(data)), data);
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

  /** The template, without a running system. */
  public static Template template() {
    return TemplateReader.read(
        Project.FOLDER.resolve("template.yaml"),
        Map.of("OidcIssuer", "https://issuer.example", "OidcAudience", "fleetwell"));
  }

  /** Starts a local system on {@link #stores}. */
  public static LocalSystem start(Settings settings) throws Exception {
    return LocalSystem.start(settings, stores());
  }

  /** The stores at {@link #STORES}; without that property, stores in this process. */
  public static Stores.Source stores() {
    String address = System.getProperty(STORES);
    if (address == null) {
      return LocalStores::start;
    }
    URI both = URI.create(address);
    return data -> new StoresElsewhere(LocalAccount.environment(both, both));
  }

  /** Clients of the stores in {@code environment}, but of another DynamoDB. The caller closes them. */
  public static Aws withDynamoDb(Map<String, String> environment, URI dynamoDb) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put(Aws.DYNAMODB_ENDPOINT, dynamoDb.toString());
    return new Aws(variables, Clock.systemUTC());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == LocalSystem.class || type == Api.class || type == Aws.class;
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
    return type == Aws.class ? new Aws(system.environment(), Clock.systemUTC()) : system;
  }
}
