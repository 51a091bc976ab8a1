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

/** Starts one LocalStack for all tests, unless they are to run on stores that are there already. */
public final class LocalStackListener implements LauncherSessionListener {
  /** The last whose image runs without an account. */
  private static final String IMAGE = "localstack/localstack:4.14.0";

  private static final int PORT = 4566;

  private @Nullable LocalStackContainer container;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (System.getProperty(RunningSystem.STORES) != null) {
      return;
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      System.out.println("LocalStack is not there, since no Docker engine answers: its tests are skipped.");
      return;
    }
    LocalStackContainer started = new LocalStackContainer(IMAGE)
        .withServices("dynamodb", "s3")
        .withEnv("DISABLE_EVENTS", "1")
        .withEnv("SKIP_SSL_CERT_DOWNLOAD", "1")
        .withCreateContainerCmdModifier(LocalStackListener::shutIn);
    container = started;
    started.start();
    System.setProperty(RunningSystem.STORES, started.getEndpoint().toString());
  }

  /** Neither store needs the engine, whose socket LocalStack gets otherwise; and no other machine needs them. */
  private static void shutIn(CreateContainerCmd command) {
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
