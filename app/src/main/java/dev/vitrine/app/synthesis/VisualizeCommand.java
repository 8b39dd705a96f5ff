package dev.vitrine.app.synthesis;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.synthesis.Frames;
import dev.vitrine.study.synthesis.PictureStudy;
import dev.vitrine.study.synthesis.SynthesisFiles.Way;
import dev.vitrine.study.synthesis.Visualizing;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine visualize}: pictures that maximize a class or a unit. */
@Command(
        name = "visualize",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Synthesizes pictures that maximize a class, channel, neuron or direction of a network.",
        description = {
            "%nWrites each picture (PNG), all on a sheet (sheet.png) and a page (index.html), and a summary for programs"
                    + " (summary.json).%n",
            "  vitrine visualize --target 'golden retriever' --images 4",
            "  vitrine visualize --model net.onnx --unit conv4:17 --unit conv4:18 --size 128",
            "  vitrine visualize --model net.onnx --target tabby --form classic --gif%n"
        })
public final class VisualizeCommand extends SynthesisCommand {
    @Mixin
    private WantedOptions wanted;

    @Option(names = "--gif", description = "Write each optimization as an animated GIF.")
    private boolean gif;

    @Option(names = "--progress", description = "Write intermediate pictures.")
    private boolean steps;

    @Mixin
    private MaximizationOptions maximization;

    public VisualizeCommand(Terminal terminal, Stop stop) {
        super(terminal, stop, "visualization");
    }

    @Override
    Set<Way> ways() {
        Set<Way> ways = EnumSet.noneOf(Way.class);
        if (gif) {
            ways.add(Way.ANIMATION);
        }
        if (steps) {
            ways.add(Way.STEPS);
        }
        return ways;
    }

    @Override
    PictureStudy study(Model model) {
        List<Visualizing.Wanted> all = wanted.wanted(model, terminal());
        int[] sides = models().sides(model);
        Frames.Kept frames = gif || steps ? Frames.Kept.SOME : Frames.Kept.NONE;
        return new Visualizing(
                model, all, maximization.method(sides[0], sides[1]), maximization.words(), seed(), frames);
    }
}
