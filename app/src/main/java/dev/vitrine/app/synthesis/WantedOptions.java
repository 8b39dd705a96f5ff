package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.study.Stems;
import dev.vitrine.study.synthesis.Visualizing.Wanted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** Objectives of the synthesized pictures. */
final class WantedOptions {
    @Option(
            names = {"-t", "--target"},
            order = SynthesisCommand.SUBJECT,
            paramLabel = "CLASS",
            description = "Class by index, name or a part of the name; comma-separated or repeated for several.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--unit",
            order = SynthesisCommand.SUBJECT,
            paramLabel = "LAYER:CHANNEL[,ROW,COLUMN]",
            description = "Channel of a layer (its spatial mean) or a single neuron; may be repeated.")
    private List<String> units = new ArrayList<>();

    @Option(
            names = "--direction",
            order = SynthesisCommand.SUBJECT,
            paramLabel = "LAYER:FILE",
            description = "Direction in the channels of a layer, from a NumPy file; may be repeated.")
    private List<String> directions = new ArrayList<>();

    @Option(
            names = "--together",
            order = SynthesisCommand.SUBJECT,
            description = "One picture that maximizes the sum of all objectives.")
    private boolean together;

    List<Wanted> wanted(Model model, Terminal terminal) {
        ShortNames.ofUnits(units, model, terminal);
        List<Wanted> wanted = new ArrayList<>();
        for (String words : targets) {
            for (int target : TargetWords.classes(words, model)) {
                String name = model.labels().display(target);
                wanted.add(new Wanted(
                        Stems.slug(name), name, new ClassScore(ClassScore.Scale.LOGIT, OptionalLong.of(target))));
            }
        }
        for (String unit : units) {
            UnitScore score = ObjectiveOptions.unit(model, unit);
            wanted.add(new Wanted(Stems.slug(unit), score.description(), score));
        }
        directions.forEach(text -> wanted.add(direction(model, text)));
        if (wanted.isEmpty()) {
            throw VitrineException.usage("Found no objective; expected --target CLASS, --unit LAYER:CHANNEL or"
                    + " --direction LAYER:FILE. List the layers with: vitrine layers MODEL");
        }
        return together ? List.of(Wanted.together(wanted)) : wanted;
    }

    private static Wanted direction(Model model, String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw VitrineException.usage("--direction '" + text + "': expected LAYER:FILE, such as conv4:way.npy.");
        }
        String layer = text.substring(0, colon);
        Path file = Path.of(text.substring(colon + 1));
        List<Float> entries = new ArrayList<>();
        for (float entry : Npy.read(file).toFloats()) {
            entries.add(entry);
        }
        return new Wanted(
                Stems.slug(layer + " " + file.getFileName()),
                "direction " + file.getFileName() + " of " + layer,
                new UnitScore(model.anatomy().find(layer), new UnitScore.Direction(entries)));
    }
}
