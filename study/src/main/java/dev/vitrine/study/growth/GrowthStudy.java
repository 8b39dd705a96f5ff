package dev.vitrine.study.growth;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Pieces;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * The development of a network over the checkpoints of its training: see {@link Growth}.
 *
 * @param checkpoints at least two, in the order of the training
 * @param pictures the pictures, of which the settings select some
 * @param layers names of layers whose channels are drawn; if empty, a selection of all layers
 * @param units names of the channels drawn; if empty, a selection from each layer
 */
public record GrowthStudy(
        List<Checkpoint> checkpoints,
        PictureSource pictures,
        List<String> layers,
        List<String> units,
        GrowthSettings settings)
        implements Study<GrowthCourse> {
    private static final int FORMAT = 2;

    /** Longer side of a drawing, in pixels. */
    private static final int SIDE = 76;

    /** Number of layers with height and width whose channels are drawn by default. */
    private static final int LAYERS = 4;

    public GrowthStudy {
        if (checkpoints.size() < 2) {
            throw VitrineException.usage(
                    "Found " + checkpoints.size() + " checkpoint; expected at least two ONNX files of one training.");
        }
        checkpoints = List.copyOf(checkpoints);
        layers = List.copyOf(layers);
        units = List.copyOf(units);
    }

    /**
     * A processed checkpoint.
     *
     * @param unreadable reasons for skipped pictures, one sentence each
     */
    record Looked(Snapshot snapshot, List<String> unreadable) {}

    @Override
    public String id() {
        return "growth";
    }

    private Question question(Model last, PictureSource source) {
        Question question = Question.of(id(), FORMAT).with(last).with(source);
        for (var setting : Settings.texts(settings).entrySet()) {
            question = question.with(setting.getKey(), setting.getValue());
        }
        question = question.with("layers", layers).with("units", units);
        for (Checkpoint checkpoint : checkpoints) {
            question = question.with("checkpoint " + checkpoint.name(), checkpoint.digest());
        }
        return question;
    }

    @Override
    public Outcome<GrowthCourse> run(StudyContext context) {
        Watcher watcher = context.watcher();
        List<Snapshot> earlier = new ArrayList<>();
        Set<String> unreadable = new LinkedHashSet<>();
        Checkpoint lastOne = checkpoints.get(checkpoints.size() - 1);
        try (PictureSource source = pictures.evenly(settings.pictures())) {
            Growth growth;
            Pieces<Looked> pieces;
            begin(watcher, lastOne);
            try (Checkpoint.Open open = lastOne.opening().get()) {
                Model model = open.session().model();
                pieces = context.parts().pieces(question(model, source), Looked.class);
                growth = new Growth(lastOne.name(), open.session(), source, plan(model), watcher);
            }
            named(growth.unreadable(), unreadable, watcher);
            Optional<String> missing = Optional.empty();
            try {
                for (Checkpoint checkpoint : checkpoints.subList(0, checkpoints.size() - 1)) {
                    begin(watcher, checkpoint);
                    Looked looked = pieces.done(checkpoint.name(), () -> looked(growth, checkpoint, watcher));
                    named(looked.unreadable(), unreadable, watcher);
                    earlier.add(looked.snapshot());
                }
            } catch (CancellationException stopped) {
                if (earlier.isEmpty()) {
                    throw stopped;
                }
                missing = Optional.of((earlier.size() + 1) + " of " + checkpoints.size() + " checkpoints");
            }
            earlier.add(growth.last());
            return new Outcome<>(new GrowthCourse(source.size(), earlier), List.copyOf(unreadable), missing);
        } finally {
            watcher.end();
        }
    }

    private void begin(Watcher watcher, Checkpoint checkpoint) {
        watcher.check();
        watcher.begin(checkpoint.name(), 1.0 / checkpoints.size());
    }

    private static Looked looked(Growth growth, Checkpoint checkpoint, Watcher watcher) {
        try (Checkpoint.Open open = checkpoint.opening().get()) {
            return new Looked(growth.look(checkpoint.name(), open.session(), watcher), growth.unreadable());
        }
    }

    private static void named(List<String> found, Set<String> unreadable, Watcher watcher) {
        found.stream().filter(unreadable::add).forEach(watcher::leftOut);
    }

    private Growth.Plan plan(Model model) {
        List<Growth.Unit> chosen = new ArrayList<>();
        for (String unit : units) {
            UnitName found = UnitName.parse(unit, model);
            found.layer().requireSpatial("whose channels are drawn");
            if (found.channel().isEmpty()) {
                throw VitrineException.usage("Unit '" + unit + "': expected a channel, such as " + unit + ":0.");
            }
            chosen.add(unit(model, found.layer(), found.channel().getAsInt()));
        }
        if (units.isEmpty()) {
            drawn(model).forEach(layer -> channels(layer).forEach(channel -> chosen.add(unit(model, layer, channel))));
        }
        return new Growth.Plan(chosen, settings.compared(), SIDE);
    }

    private static Growth.Unit unit(Model model, ChannelLayer layer, int channel) {
        List<String> drawable =
                Growth.drawable(model).stream().map(ChannelLayer::name).toList();
        if (!drawable.contains(layer.name())) {
            throw VitrineException.usage("Layer '" + layer.name() + "' is not the end of a stage; expected one of "
                    + String.join(", ", drawable) + ".");
        }
        return new Growth.Unit(layer.name(), channel);
    }

    private List<ChannelLayer> drawn(Model model) {
        if (!layers.isEmpty()) {
            return layers.stream().map(name -> ChannelLayer.find(model, name)).toList();
        }
        List<ChannelLayer> drawable = Growth.drawable(model);
        int count = Math.min(LAYERS, drawable.size());
        return IntStream.range(0, count)
                .mapToObj(index -> drawable.get(count == 1 ? 0 : index * (drawable.size() - 1) / (count - 1)))
                .toList();
    }

    private List<Integer> channels(ChannelLayer layer) {
        List<Integer> channels =
                new ArrayList<>(IntStream.range(0, layer.channels()).boxed().toList());
        Collections.shuffle(channels, new Random(settings.seed()));
        return channels.stream().limit(settings.perLayer()).sorted().toList();
    }
}
