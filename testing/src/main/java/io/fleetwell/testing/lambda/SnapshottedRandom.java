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
 * Simulates the worst effect of a snapshot on random numbers: each {@link SecureRandom} created before the snapshot
 * returns the same numbers in every restored process. Those created after the restoration are random.
 */
public final class SnapshottedRandom extends Provider {
  private static final long serialVersionUID = 1L;

  /** The system property with the path of a file that exists once the process has been restored. */
  public static final String RESTORED = "fleetwell.restored";

  public SnapshottedRandom() {
    super("SnapshottedRandom", "1", "Random numbers that a snapshot repeats");
    putService(
        new Service(this, "SecureRandom", "Snapshotted", Engine.class.getName(), null, null));
  }

  /** Starts the runtime client after the JVM's shared random numbers were used, as a library might. */
  public static void main(String[] arguments) throws Throwable {
    UUID.randomUUID();
    AWSLambda.main(arguments);
  }

  /** The implementation of {@link SecureRandom}. */
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
      // Ignored: a new seed must not hide the repetition.
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
