package io.fleetwell.testing;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.CannotStartException;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Stores;
import io.fleetwell.local.Template;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** DynamoDB Local and s3proxy in their own process, to measure their CPU time separately. */
public final class StoresApart implements Stores {
  private final Process process;
  private final Map<String, String> environment;

  private StoresApart(Process process, Map<String, String> environment) {
    this.process = process;
    this.environment = environment;
  }

  /** Starts a system with its stores in their own process. */
  public static LocalSystem startSystem(LocalSystem.Settings settings) throws Exception {
    return LocalSystem.start(settings, StoresApart::start);
  }

  private static Stores start(Path data) {
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(
        "-cp",
        System.getProperty("java.class.path"),
        StoresApart.class.getName(),
        data.resolve("stores").toString()));
    try {
      Process process = new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      URI dynamoDb = URI.create(String.valueOf(lines.readLine()));
      URI s3 = URI.create(String.valueOf(lines.readLine()));
      String secret = String.valueOf(lines.readLine());
      return new StoresApart(process, LocalAccount.environment(dynamoDb, s3, secret));
    } catch (IOException e) {
      throw new CannotStartException("The stores cannot be started.", e);
    }
  }

  /** Runs a system of the same template, and prints how to call its stores. It ends with its parent process. */
  public static void main(String[] arguments) throws Exception {
    try (LocalSystem system = LocalSystem.start(Project.settings(Path.of(arguments[0])))) {
      System.out.println(system.environment().get(Aws.DYNAMODB_ENDPOINT));
      System.out.println(system.environment().get(Aws.S3_ENDPOINT));
      System.out.println(system.environment().get(LocalAccount.SECRET_VARIABLE));
      System.in.transferTo(System.out);
    }
  }

  @Override
  public String nameOf(String resource) {
    return resource;
  }

  /** Does nothing: the system in the other process has created them from the same template. */
  @Override
  public void create(List<Template.Table> tables, List<String> buckets) {}

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
