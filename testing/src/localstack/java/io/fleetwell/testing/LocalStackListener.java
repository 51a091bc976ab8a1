package io.fleetwell.testing;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/** Starts one LocalStack for all tests, unless a property names running stores. */
public final class LocalStackListener implements LauncherSessionListener {
  /** The last version whose image runs without an account. */
  private static final String IMAGE = "localstack/localstack:4.14.0";

  private static final int PORT = 4566;

  private @Nullable LocalStackContainer container;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (System.getProperty(RunningSystem.STORES) != null) {
      return;
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      System.out.println("LocalStack's tests are skipped, since no Docker engine answers.");
      return;
    }
    LocalStackContainer started = new LocalStackContainer(IMAGE)
        .withServices("dynamodb", "s3")
        .withEnv("DISABLE_EVENTS", "1")
        .withEnv("SKIP_SSL_CERT_DOWNLOAD", "1")
        .withCreateContainerCmdModifier(LocalStackListener::isolate);
    container = started;
    started.start();
    System.setProperty(RunningSystem.STORES, started.getEndpoint().toString());
  }

  /** Withholds the Docker engine's socket, which LocalStack mounts by default, and binds only to the loopback address. */
  private static void isolate(CreateContainerCmd command) {
    HostConfig host = Optional.ofNullable(command.getHostConfig()).orElseThrow();
    host.withBinds(List.of());
    if (DockerClientFactory.instance().dockerHostIpAddress().equals("localhost")) {
      host.withPortBindings(
          new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(PORT)));
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    if (container != null) {
      container.stop();
    }
  }
}
