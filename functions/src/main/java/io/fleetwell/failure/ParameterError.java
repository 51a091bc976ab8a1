package io.fleetwell.failure;

/**
 * An error in one parameter of the query.
 *
 * @param detail the error, and what to send instead
 */
public record ParameterError(String parameter, String detail) {}
