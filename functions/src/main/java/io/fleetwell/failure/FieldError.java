package io.fleetwell.failure;

/**
 * An error in one field of a JSON body.
 *
 * @param pointer the field as a JSON pointer (RFC 6901); empty for the whole body
 * @param detail the error, and what to send instead
 */
public record FieldError(String pointer, String detail) {}
