package dev.vitrine.app.synthesis;

import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.visualization.ActivationMaximization;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.Tidying;
import dev.vitrine.lens.visualization.optimization.LimitedMemory;
import dev.vitrine.lens.visualization.optimization.Optimizer;
import dev.vitrine.lens.visualization.optimization.OptimizerChoice;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.PenaltyWeights;
import dev.vitrine.study.synthesis.Visualizing;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of activation maximization. */
final class MaximizationOptions {
    private enum Form {
        MODERN(ActivationMaximization.MODERN),
        CLASSIC(ActivationMaximization.CLASSIC);

        private final ActivationMaximization usual;

        Form(ActivationMaximization usual) {
            this.usual = usual;
        }
    }

    private static final class Forms extends Choices.Words<Form> {
        Forms() {
            super(Form.class);
        }
    }

    @Option(
            names = "--form",
            paramLabel = "modern|classic",
            converter = Forms.class,
            defaultValue = "modern",
            description =
                    "modern: Fourier parameterization with random transformations; classic: pixels with decay and blur."
                            + " Default: ${DEFAULT-VALUE}.")
    private Form form;

    @Option(
            names = "--start",
            paramLabel = "noise|gray|IMAGE",
            defaultValue = "noise",
            description = "Initial picture. Default: ${DEFAULT-VALUE}.")
    private String start;

    @Mixin
    private SettingOptions<OptimizerChoice> optimizers = SettingOptions.titled("Optimizer", OptimizerChoice.NONE);

    @Mixin
    private SettingOptions<ActivationMaximization> settings = new SettingOptions<>(ActivationMaximization.MODERN);

    @Mixin
    private SettingOptions<Views> views = SettingOptions.titled("Random transformations", Views.USUAL);

    @Mixin
    private SettingOptions<PenaltyWeights> penalties = SettingOptions.titled("Penalties", PenaltyWeights.NONE);

    @Mixin
    private SettingOptions<Tidying> tidying = SettingOptions.titled("Regularization between steps", Tidying.NONE);

    /** The settings for pictures of a given size. */
    ActivationMaximization method(int width, int height) {
        ActivationMaximization usual = settings.onto(form.usual);
        Optimizer optimizer = optimizers.chosen().or(usual.optimizer());
        boolean still = optimizer instanceof LimitedMemory && !views.areGiven();
        try {
            return new ActivationMaximization(
                    width,
                    height,
                    usual.images(),
                    usual.diversity(),
                    usual.steps(),
                    optimizer,
                    usual.parametrization(),
                    still ? Views.NONE : views.onto(usual.views()),
                    penalties.chosen().penalties(),
                    tidying.onto(usual.tidying()),
                    start());
        } catch (IllegalArgumentException wrong) {
            throw VitrineException.usage("Invalid optimization settings: " + wrong.getMessage() + ".");
        }
    }

    /** The method as named on the command line. */
    Visualizing.Words words() {
        return new Visualizing.Words(Choices.word(form), start);
    }

    private Start start() {
        return switch (start.strip().toLowerCase(Locale.ROOT)) {
            case "noise" -> Start.NOISE;
            case "gray", "grey", "zero" -> Start.GRAY;
            default -> new Start.Image(PictureReader.read(Path.of(start)));
        };
    }
}
