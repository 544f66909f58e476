package dev.noria.cli;

import dev.noria.cli.bench.BenchCommand;
import dev.noria.cli.demo.DemoCommand;
import dev.noria.job.NoriaException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The root of the command line: {@code noria demo}, {@code noria bench}, {@code noria schema}. */
@Command(
    name = "noria",
    description = "A job queue for Java: try it, measure it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      BenchCommand.class,
      SchemaCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  /** Runs the command and ends the process: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(command().execute(args));
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    return command().setOut(out).setErr(err).execute(args);
  }

  private static CommandLine command() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(errors())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  /** What went wrong in words; a stack trace only for what nobody thought of. */
  private static IExecutionExceptionHandler errors() {
    return (error, command, parsed) -> {
      if (error instanceof NoriaException || error instanceof IllegalArgumentException) {
        command.getErr().println("noria: " + error.getMessage());
      } else {
        error.printStackTrace(command.getErr());
      }
      return command.getCommandSpec().exitCodeOnExecutionException();
    };
  }
}
