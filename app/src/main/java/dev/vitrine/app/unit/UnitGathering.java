package dev.vitrine.app.unit;

import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.NotFinite;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Resampling;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.lens.unit.filter.Contributions;
import dev.vitrine.lens.unit.filter.FilterPainter;
import dev.vitrine.lens.unit.filter.LinearPath;
import dev.vitrine.lens.unit.filter.LinearStep;
import dev.vitrine.lens.visualization.ActivationMaximization;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.study.unit.example.Example;
import dev.vitrine.study.unit.example.ExamplePainter;
import dev.vitrine.study.unit.example.ExamplePainter.Drawn;
import dev.vitrine.study.unit.example.Examples;
import dev.vitrine.study.unit.example.Probe;
import dev.vitrine.study.unit.page.PageText;
import dev.vitrine.study.unit.page.UnitPage;
import dev.vitrine.study.unit.portrait.Histogram;
import dev.vitrine.study.unit.portrait.Portrait;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Everything that {@code vitrine unit} finds out about a unit, until it becomes a page. */
final class UnitGathering {
    private static final int TILE = 110;
    private static final int WEIGHTS = 192;
    private static final int SLICES = 24;
    private static final int SLICE = 28;
    private static final int WHERE = 240;
    private static final int LISTED = 8;

    /** Side of a synthesised picture, as Olah et al. 2017 take it. */
    private static final int SYNTHESISED = 128;

    private static final long SEED = 0;

    private final OpenModel open;
    private final Model model;
    private final UnitName unit;
    private final ChannelLayer layer;
    private final int channel;
    private final Stop stop;
    private final Map<String, String> numbers = new LinkedHashMap<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<UnitPage.Ranked> rows = new ArrayList<>();
    private List<Drawn> strongest = List.of();
    private List<Drawn> weakest = List.of();
    private Optional<Histogram> histogram = Optional.empty();
    private Optional<UnitPage.Figure> where = Optional.empty();
    private final List<String> notes = new ArrayList<>();
    private Optional<UnitPage.Figure> synthesised = Optional.empty();
    private int unreadable;

    UnitGathering(OpenModel open, UnitName unit, Stop stop) {
        this.open = open;
        this.model = open.model();
        this.unit = unit;
        this.layer = unit.layer();
        this.channel = unit.channel().orElseThrow();
        this.stop = stop;
        Optional.ofNullable(ReceptiveField.of(model).get(layer.value()))
                .ifPresent(field -> numbers.put("pixels it sees", field.size()));
    }

    int unreadable() {
        return unreadable;
    }

    /** What a pass over the pictures found. */
    void take(PictureSource source, Portrait portrait) {
        numbers.put("largest value", PageText.number(portrait.maximum()));
        numbers.put("mean", PageText.number(portrait.mean()));
        numbers.put("of its values are not above 0", PageText.percent(portrait.silentPlaces()));
        numbers.put("of the pictures leave it silent", PageText.percent(portrait.silentPictures()));
        unreadable = portrait.unreadable().size();
        facts.put("pictures", portrait.pictures() + ", one pass");
        facts.put("could not be read", Integer.toString(unreadable));
        histogram = Optional.of(portrait.histogram());
        if (layer.isSpatial() && unit.place().isEmpty()) {
            where = Optional.of(where(portrait));
        }
        examples(source, portrait.strongest(), portrait.weakest());
        rows.add(related(
                "Classes that it speaks for",
                "Classes whose scores rise with its mean over the pictures; Pearson's r.",
                portrait.classes(),
                model.labels()::display));
        rows.add(related(
                "Its neighbours",
                "Channels of its layer whose means rise with its own over the pictures; Pearson's r.",
                portrait.neighbours(),
                index -> "channel " + index));
    }

    /** What a store holds. */
    void take(PictureSource source, Examples examples) {
        unreadable = examples.unreadable().size();
        facts.put("pictures", examples.done() + " of " + source.size() + ", from a store");
        facts.put("ranked by", Choices.word(examples.settings().summary()));
        List<Example> most = examples.strongest(0, channel);
        if (!most.isEmpty()) {
            numbers.put("largest value", PageText.number(most.get(0).value()));
        }
        examples(source, most, examples.weakest(0, channel));
    }

    private void examples(PictureSource source, List<Example> most, List<Example> least) {
        ExamplePainter painter = new ExamplePainter(open.session(), source, Probe.of(layer), TILE);
        stop.check();
        strongest = painter.draw(channel, most);
        stop.check();
        weakest = painter.draw(channel, least);
        Map<String, Integer> labels = new TreeMap<>();
        strongest.stream()
                .filter(one -> !one.className().isEmpty())
                .forEach(one -> labels.merge(one.className(), 1, Integer::sum));
        rows.add(new UnitPage.Ranked(
                "Labels of its strongest pictures",
                "The folders that they lie in, and how many of them.",
                labels.entrySet().stream()
                        .sorted(Comparator.comparingInt((Map.Entry<String, Integer> entry) -> -entry.getValue()))
                        .limit(LISTED + 1L)
                        .map(entry -> new UnitPage.Entry(
                                label(entry.getKey()),
                                entry.getValue().toString(),
                                (double) entry.getValue() / strongest.size()))
                        .toList()));
        if (!most.isEmpty()) {
            LinearStep.of(model, layer.value()).ifPresent(step -> drivers(source, step, most));
        }
    }

    /** A folder named by a class's id is shown by the class's name. */
    private String label(String folder) {
        int index = model.labels().ids().indexOf(folder);
        return index < 0 ? folder : model.labels().name(index).split(",")[0];
    }

    private void drivers(PictureSource source, LinearStep step, List<Example> most) {
        Tensor images = model.preprocessing()
                .apply(most.stream()
                        .map(example -> source.read(example.picture()))
                        .toList());
        List<Contributions.Input> inputs = Contributions.of(
                open.session(),
                step,
                channel,
                images,
                most.stream()
                        .map(example -> new Contributions.Place(example.row(), example.column()))
                        .toList());
        double largest = inputs.stream()
                .mapToDouble(input -> Math.abs(input.amount()))
                .max()
                .orElse(0);
        List<UnitPage.Entry> entries = new ArrayList<>();
        for (Contributions.Input input : inputs.subList(0, Math.min(LISTED, inputs.size()))) {
            entries.add(new UnitPage.Entry(
                    "channel " + input.channel(),
                    PageText.number(input.amount()),
                    largest > 0 ? input.amount() / largest : 0));
        }
        rows.add(new UnitPage.Ranked(
                "What drives it",
                "Channels of " + step.input() + " that add most to it in its strongest examples (weights times values,"
                        + " before bias, normalisation and rectifier).",
                entries));
    }

    private UnitPage.Ranked related(
            String title, String about, List<Portrait.Related> related, IntFunction<String> name) {
        return new UnitPage.Ranked(
                title,
                about,
                related.stream()
                        .filter(one -> one.correlation() > 0)
                        .map(one -> new UnitPage.Entry(
                                name.apply(one.index()),
                                String.format(Locale.ROOT, "%.2f", one.correlation()),
                                one.correlation()))
                        .toList());
    }

    private UnitPage.Figure where(Portrait portrait) {
        Heatmap heatmap = new Heatmap(
                portrait.where(),
                new Provenance(model.name(), "many pictures", unit.words(), "mean of the positive part", Map.of()));
        BufferedImage picture = HeatmapPainter.MAP
                .with(Resampling.NEAREST)
                .map(heatmap, Scale.robust(heatmap, Polarity.UNSIGNED), WHERE, WHERE * layer.height() / layer.width());
        double across = 0;
        double down = 0;
        double count = 0;
        for (Example example : portrait.strongest()) {
            across += (example.column() + 0.5) / layer.width();
            down += (example.row() + 0.5) / layer.height();
            count++;
        }
        return new UnitPage.Figure(
                picture,
                String.format(
                        Locale.ROOT,
                        "Its map's part above 0, the mean over the pictures, %d×%d places. In its strongest examples it is"
                                + " strongest %.0f %% from the left and %.0f %% from the top, on average.",
                        layer.height(),
                        layer.width(),
                        100 * across / count,
                        100 * down / count));
    }

    private UnitPage.Weights weights() {
        Optional<LinearStep> step = LinearStep.of(model, layer.value());
        FilterPainter painter = new FilterPainter(model, WEIGHTS);
        Optional<BufferedImage> colours = step.flatMap(found -> painter.colours(found, channel));
        if (colours.isPresent()) {
            return new UnitPage.Weights(colours, Optional.empty(), List.of());
        }
        try (LinearPath path = new LinearPath(open.session())) {
            return new UnitPage.Weights(
                    Optional.empty(),
                    expanded(path, painter),
                    step.map(found -> new FilterPainter(model, SLICE).slices(found, channel, SLICES))
                            .orElse(List.of()));
        }
    }

    /** Nothing where the way to the pixels is not linear, such as a division that is not defined at zero. */
    private Optional<BufferedImage> expanded(LinearPath path, FilterPainter painter) {
        try {
            return Optional.of(painter.expanded(path, layer, channel));
        } catch (VitrineException problem) {
            if (NotFinite.ended(problem)) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    /** A picture made to excite the channel, by gradient ascent. */
    void synthesise(int steps, Progress progress) {
        Preprocessing own = model.preprocessing();
        int side = Math.min(SYNTHESISED, Math.min(own.width(), own.height()));
        ActivationMaximization method = ActivationMaximization.MODERN.withSteps(steps);
        Objective objective = new UnitScore(layer.value(), new UnitScore.Channel(channel));
        try (ActivationMaximization.Maximizer maximizer =
                (layer.isSpatial() ? method.withSize(side, side) : method).on(open.session(), objective)) {
            Synthesis synthesis = maximizer.run(SEED, progress);
            synthesised = Optional.of(new UnitPage.Figure(
                    Images.of(synthesis.picture(0)),
                    "Made from noise in " + steps + " steps so that the mean of the channel's map is high: it reaches "
                            + PageText.number(synthesis.scores().get(0)) + ". Seed " + SEED + "."));
        } catch (VitrineException impossible) {
            if (stop.status() != 0) {
                throw impossible;
            }
            notes.add("No picture could be made to excite it: " + impossible.getMessage());
        }
    }

    UnitPage page() {
        stop.check();
        UnitPage.Weights weights = weights();
        facts.putAll(ModelFacts.of(model, Map.of()));
        return new UnitPage(
                model.name(),
                unit.words(),
                numbers,
                strongest,
                weakest,
                synthesised,
                histogram,
                where,
                weights,
                rows,
                notes,
                facts);
    }
}
