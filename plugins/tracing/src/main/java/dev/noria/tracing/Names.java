package dev.noria.tracing;

import io.opentelemetry.api.common.AttributeKey;

/**
 * The attributes: those of OpenTelemetry's conventions for messaging, and Noria's own. Written out,
 * since the conventions' artifact is still in development.
 */
final class Names {
  static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
  static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
  static final AttributeKey<String> OPERATION_TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  static final AttributeKey<String> QUEUE = AttributeKey.stringKey("messaging.destination.name");
  static final AttributeKey<String> ID = AttributeKey.stringKey("messaging.message.id");
  static final AttributeKey<Long> COUNT = AttributeKey.longKey("messaging.batch.message_count");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  static final AttributeKey<String> TYPE = AttributeKey.stringKey("noria.job.type");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("noria.job.attempt");
  static final AttributeKey<Long> EPOCH = AttributeKey.longKey("noria.job.epoch");
  static final AttributeKey<String> GROUP = AttributeKey.stringKey("noria.job.group");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("noria.job.outcome");
  static final AttributeKey<Double> WAIT = AttributeKey.doubleKey("noria.job.wait");
  static final AttributeKey<String> DUE = AttributeKey.stringKey("noria.job.due");
  static final AttributeKey<String> RECEIPT = AttributeKey.stringKey("noria.receipt");
  static final AttributeKey<String> EXISTING = AttributeKey.stringKey("noria.existing_id");
  static final AttributeKey<String> ACK = AttributeKey.stringKey("noria.ack");
  static final AttributeKey<String> REASON = AttributeKey.stringKey("noria.reason");
  static final AttributeKey<String> STOPPED_BY = AttributeKey.stringKey("noria.stopped_by");
  static final AttributeKey<String> STORAGE_CALL = AttributeKey.stringKey("noria.storage.call");

  static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");
  static final AttributeKey<String> EXCEPTION_MESSAGE = AttributeKey.stringKey("exception.message");
  static final AttributeKey<String> EXCEPTION_STACK =
      AttributeKey.stringKey("exception.stacktrace");

  private Names() {}
}
