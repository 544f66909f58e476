package dev.noria.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command printed, and how it ended. */
public record Output(int exit, String out, String err) {

  /** Runs a command in this process. */
  public static Output of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Output(exit, out.toString(), err.toString());
  }
}
