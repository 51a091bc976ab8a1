package io.fleetwell.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every caller sees equals the model, after random calls of users, devices, the factory and an operator. The seed is
 * always the same, so that a change does not fail for a fault of another one. {@code make model} makes more and other
 * calls.
 */
@Tag("own-stores")
class ModelTest {
  private static final int STEPS = 10_000;
  private static final long SEED = 1;

  @Test
  void everyCallerSeesWhatTheModelSays() throws Exception {
    Played played = ModelRun.play(SEED, STEPS, Storage.DYNAMODB_LOCAL);
    assertThat(played.steps()).isEqualTo(STEPS);
  }
}
