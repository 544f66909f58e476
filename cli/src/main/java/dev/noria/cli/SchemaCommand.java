package dev.noria.cli;

import static java.util.Objects.requireNonNull;

import dev.noria.storage.postgres.PostgresStorage;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the schema of a storage, for those who run it by hand. */
@Command(
    name = "schema",
    description = "Shows the schema of a storage.",
    mixinStandardHelpOptions = true)
final class SchemaCommand {
  @Spec private @Nullable CommandSpec spec;

  @Command(
      name = "postgres",
      description = "The statements that create the schema in PostgreSQL.",
      mixinStandardHelpOptions = true)
  void postgres(
      @Option(names = "--print", required = true, description = "Print them.") boolean print,
      @Option(
              names = "--namespace",
              defaultValue = "noria",
              description = "The schema; default: ${DEFAULT-VALUE}.")
          String namespace) {
    if (print) {
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      out.print(PostgresStorage.schema(namespace));
      out.flush();
    }
  }
}
