package dev.noria.kernel;

import dev.noria.job.Bytes;
import dev.noria.plugin.Codec;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON by Jackson, without class names in the data: a stored text can not choose a class. */
final class JsonCodec implements Codec {
  private final JsonMapper mapper =
      JsonMapper.builder(
              // The shared pool is a queue that all threads contend for; this halves an encode.
              JsonFactory.builder().recyclerPool(JsonRecyclerPools.threadLocalPool()).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** With the mapper's own defaults. */
  public JsonCodec() {}

  @Override
  public Bytes encode(Object value) {
    try {
      return Bytes.owned(mapper.writeValueAsBytes(value));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "A "
              + value.getClass().getName()
              + " can not be written as JSON: "
              + e.getOriginalMessage()
              + ". Expected a record or bean that Jackson can write.",
          e);
    }
  }

  @Override
  public <T> T decode(Bytes bytes, Class<T> type) {
    try {
      return mapper.readValue(bytes.toArray(), type);
    } catch (JacksonException e) {
      // The cause would quote the payload.
      throw new IllegalArgumentException(
          "The stored "
              + bytes.size()
              + " bytes can not be read as "
              + type.getName()
              + " ("
              + e.getClass().getSimpleName()
              + " at "
              + e.getLocation().offsetDescription()
              + "). Expected JSON of that class; was the class changed since the job was"
              + " enqueued?");
    }
  }
}
