package io.fleetwell.failure;

/**
 * What is wrong with one field of a JSON body.
 *
 * @param pointer the field's place as an RFC 6901 JSON pointer, empty for the whole body
 * @param detail what is wrong and what to send instead
 */
public record FieldError(String pointer, String detail) {}
