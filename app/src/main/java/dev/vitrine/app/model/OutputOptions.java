package dev.vitrine.app.model;

import dev.vitrine.lens.model.head.Activation;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.model.head.OutputCard;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The output to explain and its meaning, overriding the card. */
public final class OutputOptions {
    private static final String LONG = "--model-output";
    private static final String SHORT = "--output";

    @Option(
            names = LONG,
            paramLabel = "NAME",
            description = "Output of the network to explain, by name or by index from 0. Default: the first that can be"
                    + " class scores.")
    private Optional<String> output;

    @Option(
            names = "--activation",
            paramLabel = "softmax|sigmoid|none",
            description = "Activation that turns scores into probabilities: softmax for exclusive classes, sigmoid for"
                    + " independent or binary ones, none for regression. Default: the activation of the network.")
    private Optional<Activation> activation;

    @Option(
            names = "--head",
            paramLabel = "KIND",
            description = "What the output is: classes, numbers, embedding, map or detector. Default: inferred.")
    private Optional<HeadKind> kind;

    OutputCard onto(OutputCard found) {
        OutputCard card = output.map(found::withName).orElse(found);
        card = activation.map(card::withActivation).orElse(card);
        return kind.map(card::withKind).orElse(card);
    }

    /** Gives the option its short name too, at its place in the help, on commands where that is not a file to write. */
    public static void shorten(CommandSpec command) {
        OptionSpec option = command.findOption(LONG);
        if (option != null && command.findOption(SHORT) == null) {
            List<OptionSpec> options = List.copyOf(command.options());
            List<OptionSpec> behind = options.subList(options.indexOf(option) + 1, options.size());
            command.remove(option);
            behind.forEach(command::remove);
            command.addOption(OptionSpec.builder(option).names(SHORT, LONG).build());
            behind.forEach(command::addOption);
        }
    }
}
