package dev.flusso.dev.servers;

/**
 * One item of a {@code _bulk} request.
 *
 * @param number its place in the request, from 0
 * @param operation {@code index}, {@code create}, {@code update} or {@code delete}
 * @param index the index it names, or that of the request's path; empty when neither does
 * @param id its {@code _id} as it stands in the JSON, escapes and all; empty when it has none
 * @param source its second line, empty for a delete
 */
public record BulkItem(int number, String operation, String index, String id, String source) {}
