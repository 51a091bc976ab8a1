package io.fleetwell.testing.model;

/** Where calls in process go, and what that allows. */
enum Storage {
  /** DynamoDB Local over HTTP, as in the running system. */
  DYNAMODB_LOCAL(10, Round.Looks.AFTER_EACH_CALL),

  /** For very many calls: a copy of the system's tables in memory. */
  MEMORY(200, Round.Looks.AFTER_CHANGES);

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

  Round.Looks looks() {
    return looks;
  }
}
