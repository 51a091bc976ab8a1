package io.fleetwell.testing.lambda;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.Random;
import java.util.UUID;

/**
 * The worst that a snapshot can do to random numbers: each {@link SecureRandom} that was there when it was taken gives
 * the same numbers in every process that is restored from it, for ever. Those made after the restoration are random.
 */
public final class SnapshottedRandom extends Provider {
  private static final long serialVersionUID = 1L;

  /** Names a file that is there once the process has been restored. */
  public static final String RESTORED = "fleetwell.restored";

  public SnapshottedRandom() {
    super("SnapshottedRandom", "1", "Random numbers that a snapshot repeats");
    putService(
        new Service(this, "SecureRandom", "Snapshotted", Engine.class.getName(), null, null));
  }

  /** Starts the runtime client where something has asked for a random number already, be it a library. */
  public static void main(String[] arguments) throws Throwable {
    UUID.randomUUID();
    AWSLambda.main(arguments);
  }

  /** What is behind a {@link SecureRandom} here. */
  public static final class Engine extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    private final Random random =
        Files.exists(Path.of(System.getProperty(RESTORED, ""))) ? trulyRandom() : new Random(0);

    private static SecureRandom trulyRandom() {
      try {
        return SecureRandom.getInstance("NativePRNG");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected void engineSetSeed(byte[] seed) {
      // Takes no help: whether it is seeded anew is not for its user to know.
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }

    @Override
    protected byte[] engineGenerateSeed(int length) {
      byte[] seed = new byte[length];
      engineNextBytes(seed);
      return seed;
    }
  }
}
