package dev.vitrine.app;

import dev.vitrine.app.answer.ConsistencyCommand;
import dev.vitrine.app.answer.ShapeBiasCommand;
import dev.vitrine.app.attack.AttackCommand;
import dev.vitrine.app.calibration.CalibrationCommand;
import dev.vitrine.app.cue.CueConflictCommand;
import dev.vitrine.app.embedding.CodesCommand;
import dev.vitrine.app.embedding.EmbedCommand;
import dev.vitrine.app.embedding.GridCommand;
import dev.vitrine.app.embedding.MapCommand;
import dev.vitrine.app.embedding.NeighborsCommand;
import dev.vitrine.app.explanation.AttributeCommand;
import dev.vitrine.app.explanation.CompileCommand;
import dev.vitrine.app.explanation.ExplainCommand;
import dev.vitrine.app.explanation.SegmentCommand;
import dev.vitrine.app.explanation.WhereCommand;
import dev.vitrine.app.invariance.InvarianceCommand;
import dev.vitrine.app.method.MethodsCommand;
import dev.vitrine.app.model.FetchCommand;
import dev.vitrine.app.model.LayersCommand;
import dev.vitrine.app.model.OutputOptions;
import dev.vitrine.app.perturbation.OccludeCommand;
import dev.vitrine.app.perturbation.StressCommand;
import dev.vitrine.app.robustness.CorruptCommand;
import dev.vitrine.app.robustness.RobustnessCommand;
import dev.vitrine.app.setting.DerivedOptions;
import dev.vitrine.app.stimulus.StimuliCommand;
import dev.vitrine.app.synthesis.CaricatureCommand;
import dev.vitrine.app.synthesis.DreamCommand;
import dev.vitrine.app.synthesis.FoolCommand;
import dev.vitrine.app.synthesis.InvertCommand;
import dev.vitrine.app.synthesis.StyleCommand;
import dev.vitrine.app.synthesis.TextureCommand;
import dev.vitrine.app.synthesis.VisualizeCommand;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.app.training.AblateCommand;
import dev.vitrine.app.training.GrowthCommand;
import dev.vitrine.app.training.ProbeCommand;
import dev.vitrine.app.training.TrainCommand;
import dev.vitrine.app.trust.TrustCommand;
import dev.vitrine.app.unit.ActivationsCommand;
import dev.vitrine.app.unit.DeadCommand;
import dev.vitrine.app.unit.ExamplesCommand;
import dev.vitrine.app.unit.FiltersCommand;
import dev.vitrine.app.unit.UnitCommand;
import dev.vitrine.app.word.WordsCommand;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.FileProblem;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. Exit status 0: success; 1: failure; 2: invalid request; 130: stopped by Ctrl-C. */
@Command(
        name = "vitrine",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Explains the predictions of convolutional networks.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "%nReads a network from an ONNX file and shows which parts of a picture its predictions are based on:%n",
            "  vitrine demo",
            "  vitrine explain photo.jpg",
            "  vitrine explain photo.jpg --model network.onnx",
            "  vitrine explain photo.jpg --model network.onnx --method all --target 'egyptian cat'",
            "  vitrine layers network.onnx%n"
        },
        footer = {
            "%nRun 'vitrine COMMAND --help' for details of a command.",
            "Exit status: 0 success; 1 failure; 2 invalid request; 130 stopped by Ctrl-C."
        })
public final class Vitrine implements Callable<Integer> {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean verbose;

    private final Terminal terminal;
    private final Stop stop;

    Vitrine(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    /** No command was named. */
    @Override
    public Integer call() {
        CommandLine line = commandLine();
        line.usage(line.getErr());
        return WRONG;
    }

    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true");
        Terminal.Remembering out = new Terminal.Remembering(new FileOutputStream(FileDescriptor.out));
        Terminal terminal = Terminal.ofProcess(out, new FileOutputStream(FileDescriptor.err));
        Stop stop = new Stop();
        stop.listen();
        int status = run(terminal, stop, arguments);
        terminal.out().flush();
        Optional<IOException> lost = out.failure();
        if (lost.isPresent() && status == DONE) {
            terminal.err()
                    .println("vitrine: Cannot write the result: " + lost.get().getMessage() + ".");
            status = FAILED;
        }
        System.exit(status);
    }

    /** Runs a command within this process, and returns its exit status. */
    public static int run(Terminal terminal, Stop stop, String... arguments) {
        Vitrine vitrine = new Vitrine(terminal, stop);
        CommandLine line = vitrine.commandLine();
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError e) {
            return vitrine.outOfMemory(e);
        } catch (StackOverflowError | LinkageError e) {
            return vitrine.internal(e);
        }
    }

    /** All commands of a command, and theirs. */
    private static Stream<CommandLine> below(CommandLine line) {
        return line.getSubcommands().values().stream()
                .flatMap(command -> Stream.concat(Stream.of(command), below(command)));
    }

    CommandLine commandLine() {
        CommandLine line = new CommandLine(this)
                .addSubcommand(new DemoCommand(terminal, stop))
                .addSubcommand(new ExplainCommand(terminal, stop))
                .addSubcommand(new OccludeCommand(terminal, stop))
                .addSubcommand(new TrustCommand(terminal, stop))
                .addSubcommand(new WhereCommand(terminal, stop))
                .addSubcommand(new SegmentCommand(terminal, stop))
                .addSubcommand(new StressCommand(terminal, stop))
                .addSubcommand(new UnitCommand(terminal, stop))
                .addSubcommand(new ExamplesCommand(terminal, stop))
                .addSubcommand(new ActivationsCommand(terminal, stop))
                .addSubcommand(new FiltersCommand(terminal, stop))
                .addSubcommand(new DeadCommand(terminal, stop))
                .addSubcommand(new TrainCommand(terminal, stop))
                .addSubcommand(new GrowthCommand(terminal, stop))
                .addSubcommand(new ProbeCommand(terminal, stop))
                .addSubcommand(new VisualizeCommand(terminal, stop))
                .addSubcommand(new DreamCommand(terminal, stop))
                .addSubcommand(new CaricatureCommand(terminal, stop))
                .addSubcommand(new FoolCommand(terminal, stop))
                .addSubcommand(new InvertCommand(terminal, stop))
                .addSubcommand(new StyleCommand(terminal, stop))
                .addSubcommand(new TextureCommand(terminal, stop))
                .addSubcommand(new AblateCommand(terminal, stop))
                .addSubcommand(new AttributeCommand(terminal, stop))
                .addSubcommand(new AttackCommand(terminal, stop))
                .addSubcommand(new ShapeBiasCommand(terminal, stop))
                .addSubcommand(new ConsistencyCommand(terminal))
                .addSubcommand(new CueConflictCommand(terminal, stop))
                .addSubcommand(new InvarianceCommand(terminal, stop))
                .addSubcommand(new StimuliCommand(terminal, stop))
                .addSubcommand(new CalibrationCommand(terminal, stop))
                .addSubcommand(new CorruptCommand(terminal, stop))
                .addSubcommand(new RobustnessCommand(terminal, stop))
                .addSubcommand(new CodesCommand(terminal, stop))
                .addSubcommand(new EmbedCommand(terminal, stop))
                .addSubcommand(new GridCommand(terminal, stop))
                .addSubcommand(new NeighborsCommand(terminal, stop))
                .addSubcommand(new MapCommand(terminal, stop))
                .addSubcommand(WordsCommand.of(terminal, stop))
                .addSubcommand(new LayersCommand(terminal, stop))
                .addSubcommand(new FetchCommand(terminal, stop))
                .addSubcommand(new CompileCommand(terminal, stop))
                .addSubcommand(new MethodsCommand(terminal))
                .addSubcommand(new CompletionCommand(terminal))
                .addSubcommand(new CommandLine.HelpCommand());
        below(line).map(CommandLine::getCommandSpec).forEach(command -> {
            command.versionProvider(new Version());
            OutputOptions.shorten(command);
            DerivedOptions.declareAll(command);
        });
        line.setOut(terminal.pages());
        line.setErr(terminal.errorPages());
        line.setUsageHelpWidth(Math.min(100, Math.max(80, terminal.columns())));
        line.setUsageHelpAutoWidth(false);
        Choices.register(line);
        line.setExecutionExceptionHandler((problem, command, parsed) -> explained(problem));
        CommandLine.IParameterExceptionHandler standard = line.getParameterExceptionHandler();
        line.setParameterExceptionHandler((problem, given) -> {
            if (problem.getCause() instanceof VitrineException cause) {
                return explained(cause);
            }
            terminal.err().println("vitrine: " + words(problem, given));
            CommandLine.UnmatchedArgumentException.printSuggestions(problem, line.getErr());
            terminal.err()
                    .println("See: " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            trace(problem);
            return WRONG;
        });
        return line;
    }

    private static String words(CommandLine.ParameterException problem, String[] given) {
        boolean noCommand = problem instanceof CommandLine.UnmatchedArgumentException
                && problem.getCommandLine().getParent() == null
                && !given[0].startsWith("-");
        return noCommand ? "There is no command '" + given[0] + "'." : problem.getMessage();
    }

    private int explained(Exception problem) {
        if (problem instanceof CancellationException && stop.status() != 0) {
            return stop.status();
        }
        if (problem instanceof VitrineException known) {
            if (stop.status() != 0) {
                return stop.status();
            }
            terminal.err().println("vitrine: " + known.getMessage());
            trace(known);
            return switch (known.kind()) {
                case USAGE -> WRONG;
                case FAILURE -> FAILED;
            };
        }
        if (problem instanceof InvalidPathException name) {
            return explained(FileProblem.name(name));
        }
        return internal(problem);
    }

    private int outOfMemory(OutOfMemoryError problem) {
        terminal.err()
                .println("vitrine: Out of memory (" + problem.getMessage() + "): the limit is "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MB. Use fewer pictures or"
                        + " classes at a time, or raise the limits of heap and direct memory:"
                        + " VITRINE_JAVA_OPTIONS='-Xmx4g -XX:MaxDirectMemorySize=4g' vitrine ...");
        trace(problem);
        return FAILED;
    }

    private int internal(Throwable problem) {
        terminal.err()
                .println("vitrine: internal error: " + problem + ". This is a defect of Vitrine. "
                        + (verbose ? "" : "Run again with --verbose to print the stack trace."));
        trace(problem);
        return FAILED;
    }

    private void trace(Throwable problem) {
        if (verbose) {
            problem.printStackTrace(terminal.errorPages());
        }
    }
}
