package dev.noria.engine;

import dev.noria.job.NewJob;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All shapes in use, and some that were. */
final class Shapes {
  private static final int SPARE = 256;

  private final Map<Shape, Shape> shapes = new HashMap<>();
  private @Nullable Shape latest;
  private int unused;

  /** The shape of a job, with one more use. */
  Shape use(NewJob job) {
    Shape shape = latest;
    if (shape == null || !shape.fits(job)) {
      Shape made = new Shape(job);
      Shape known = shapes.putIfAbsent(made, made);
      shape = known == null ? made : known;
      unused += known == null ? 1 : 0;
      latest = shape;
    }
    if (shape.uses++ == 0) {
      unused--;
    }
    return shape;
  }

  void release(Shape shape) {
    shape.uses--;
    if (shape.uses == 0) {
      unused++;
      if (unused > SPARE + shapes.size() / 2) {
        shapes.values().removeIf(one -> one.uses == 0);
        unused = 0;
        latest = null;
      }
    }
  }
}
