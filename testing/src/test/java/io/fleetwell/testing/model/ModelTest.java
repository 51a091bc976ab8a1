package io.fleetwell.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every caller sees equals the model, after random calls of users, devices, the factory and an operator. The seed is
 * always the same, so that a change does not fail for a fault of another one. {@code make model} makes more and other
 * calls.
 */
@Tag("own-stores")
class ModelTest {
  private static final int STEPS = 10_000;
  private static final long SEED = 1;

  @ParameterizedTest
  @EnumSource(names = {"DYNAMODB_LOCAL", "MEMORY_AND_ALL_LOOK"})
  void everyCallerSeesWhatTheModelSays(Storage storage) throws Exception {
    assertThat(ModelRun.play(SEED, STEPS, storage).steps()).isEqualTo(STEPS);
  }
}
