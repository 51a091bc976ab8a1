package io.fleetwell.testing.model;

/** Where calls in process go, and how often callers look. */
enum Storage {
  /** DynamoDB Local over HTTP, as in the running system. */
  DYNAMODB_LOCAL(10, Round.Looks.AFTER_EACH_CALL),

  /** For very many calls: a copy of the system's tables in memory. */
  MEMORY(200, Round.Looks.AFTER_CHANGES),

  /** The same, and everybody looks at everything after each call. */
  MEMORY_AND_ALL_LOOK(200, Round.Looks.ALL_AFTER_EACH_CALL);

  private final int stepsForOneOverHttp;
  private final Round.Looks looks;

  Storage(int stepsForOneOverHttp, Round.Looks looks) {
    this.stepsForOneOverHttp = stepsForOneOverHttp;
    this.looks = looks;
  }

  /** One step in this many goes over HTTP, and so to DynamoDB Local in any case. */
  int stepsForOneOverHttp() {
    return stepsForOneOverHttp;
  }

  boolean isInMemory() {
    return this != DYNAMODB_LOCAL;
  }

  Round.Looks looks() {
    return looks;
  }
}
