package dev.vitrine.app;

import dev.vitrine.app.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vitrine completion}: a script for shell completion of commands and options. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Prints a completion script for bash and zsh.",
        description = {
            "%nRun this line in the current shell, or add it to ~/.bashrc or ~/.zshrc:%n",
            "  source <(vitrine completion)%n"
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private final Terminal terminal;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        // Its line ends are no characters of a file's name, which the terminal would show as codes.
        terminal.pages().print(AutoComplete.bash("vitrine", spec.root().commandLine()));
        terminal.pages().flush();
        return 0;
    }
}
