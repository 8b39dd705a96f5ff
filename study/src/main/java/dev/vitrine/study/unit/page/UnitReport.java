package dev.vitrine.study.unit.page;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.NotFinite;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Resampling;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.filter.Contributions;
import dev.vitrine.lens.unit.filter.FilterPainter;
import dev.vitrine.lens.unit.filter.LinearPath;
import dev.vitrine.lens.unit.filter.LinearStep;
import dev.vitrine.lens.visualization.Rgb;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.Stems;
import dev.vitrine.study.unit.example.Example;
import dev.vitrine.study.unit.example.ExamplePainter;
import dev.vitrine.study.unit.example.ExamplePainter.Drawn;
import dev.vitrine.study.unit.example.Examples;
import dev.vitrine.study.unit.example.Probe;
import dev.vitrine.study.unit.portrait.Portrait;
import dev.vitrine.study.unit.portrait.UnitFindings;
import dev.vitrine.study.unit.portrait.UnitStudy;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * What a unit detects, on one page.
 *
 * @param facts about the network and the program
 */
public record UnitReport(ModelSession session, UnitStudy study, Map<String, String> facts)
        implements Report<UnitFindings> {
    private static final int TILE = 110;
    private static final int WEIGHTS = 192;
    private static final int SLICES = 24;
    private static final int SLICE = 28;
    private static final int WHERE = 240;
    private static final int LISTED = 8;

    /** Stem of its file names. */
    public String stem() {
        return Stems.slug(study.unit().words());
    }

    /** Path of the page. */
    public Path page(Path folder) {
        return folder.resolve("unit-" + stem() + ".html");
    }

    @Override
    public List<Path> write(Outcome<UnitFindings> outcome, Path folder) {
        new Gathering(outcome).page().write(page(folder));
        return List.of(page(folder));
    }

    private final class Gathering {
        private final Outcome<UnitFindings> outcome;
        private final UnitFindings findings;
        private final Model model = study.model();
        private final ChannelLayer layer = study.unit().layer();
        private final int channel = study.unit().channel().orElseThrow();

        Gathering(Outcome<UnitFindings> outcome) {
            this.outcome = outcome;
            this.findings = outcome.result();
        }

        UnitPage page() {
            List<Drawn> strongest = drawn(findings.strongest());
            List<UnitPage.Ranked> rows = new ArrayList<>();
            if (study.pictures().isPresent()) {
                rows.add(labels(strongest));
                drivers().ifPresent(rows::add);
            }
            findings.portrait().ifPresent(portrait -> {
                rows.add(related(
                        "Correlated classes",
                        "Correlation of class scores with its mean activation over the pictures; Pearson's r.",
                        portrait.classes(),
                        model.labels()::display));
                rows.add(related(
                        "Correlated channels",
                        "Correlation of the mean activations of other channels in its layer with its own; Pearson's r.",
                        portrait.neighbors(),
                        index -> "channel " + index));
            });
            boolean mapped = layer.isSpatial() && study.unit().place().isEmpty();
            return new UnitPage(
                    model.name(),
                    study.unit().words(),
                    numbers(),
                    strongest,
                    drawn(findings.weakest()),
                    findings.made().map(this::made),
                    findings.portrait().map(Portrait::histogram),
                    findings.portrait().filter(portrait -> mapped).map(this::where),
                    weights(),
                    rows,
                    findings.notes(),
                    allFacts());
        }

        private Map<String, String> numbers() {
            Map<String, String> numbers = new LinkedHashMap<>();
            Optional.ofNullable(ReceptiveField.of(model).get(layer.value()))
                    .ifPresent(field -> numbers.put("receptive field, pixels", field.size()));
            if (findings.portrait().isEmpty()) {
                findings.strongest().stream()
                        .findFirst()
                        .ifPresent(example -> numbers.put("largest value", PageText.number(example.value())));
            }
            findings.portrait().ifPresent(portrait -> {
                numbers.put("largest value", PageText.number(portrait.maximum()));
                numbers.put("mean", PageText.number(portrait.mean()));
                numbers.put("of its values are not above 0", PageText.percent(portrait.silentPlaces()));
                numbers.put("of the pictures leave it silent", PageText.percent(portrait.silentPictures()));
            });
            return numbers;
        }

        private Map<String, String> allFacts() {
            Map<String, String> all = new LinkedHashMap<>();
            outcome.missing().ifPresent(missing -> all.put(Provenance.PARTIAL, "stopped after " + missing));
            findings.portrait().ifPresent(portrait -> {
                all.put("pictures", portrait.pictures() + ", one pass");
                all.put("could not be read", Integer.toString(portrait.unreadable()));
            });
            study.stored().ifPresent(stored -> {
                Examples examples = stored.result();
                all.put(
                        "pictures",
                        examples.done() + " of "
                                + study.pictures().orElseThrow().size() + ", from a store");
                all.put("ranked by", PageText.word(examples.summary()));
            });
            all.putAll(facts);
            return all;
        }

        /** Without projections if the run was stopped. */
        private List<Drawn> drawn(List<Example> examples) {
            if (study.pictures().isEmpty()) {
                return List.of();
            }
            ExamplePainter painter =
                    new ExamplePainter(session, study.pictures().get(), Probe.of(layer), TILE);
            return outcome.isPartial() ? painter.patches(examples) : painter.draw(channel, examples);
        }

        private UnitPage.Ranked labels(List<Drawn> strongest) {
            Map<String, Integer> labels = new TreeMap<>();
            strongest.stream()
                    .filter(one -> !one.className().isEmpty())
                    .forEach(one -> labels.merge(one.className(), 1, Integer::sum));
            return new UnitPage.Ranked(
                    "Labels of its strongest pictures",
                    "Folders of the strongest pictures, with counts.",
                    labels.entrySet().stream()
                            .sorted(Comparator.comparingInt((Map.Entry<String, Integer> entry) -> -entry.getValue()))
                            .limit(LISTED + 1L)
                            .map(entry -> new UnitPage.Entry(
                                    label(entry.getKey()),
                                    entry.getValue().toString(),
                                    (double) entry.getValue() / strongest.size()))
                            .toList());
        }

        /** Shows a folder that is named after a class id under the class's name. */
        private String label(String folder) {
            int index = model.labels().ids().indexOf(folder);
            return index < 0 ? folder : model.labels().name(index).split(",")[0];
        }

        private Optional<UnitPage.Ranked> drivers() {
            List<Contributions.Input> inputs = findings.drivers();
            double largest = inputs.stream()
                    .mapToDouble(input -> Math.abs(input.amount()))
                    .max()
                    .orElse(0);
            List<UnitPage.Entry> entries = inputs.stream()
                    .limit(LISTED)
                    .map(input -> new UnitPage.Entry(
                            "channel " + input.channel(),
                            PageText.number(input.amount()),
                            largest > 0 ? input.amount() / largest : 0))
                    .toList();
            return LinearStep.of(model, layer.value())
                    .map(step -> new UnitPage.Ranked(
                            "Strongest inputs",
                            "Channels of " + step.input()
                                    + " that contribute most to it in its strongest examples (weights"
                                    + " times activations, before bias, normalization and rectifier).",
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
                    new Provenance(
                            model.name(),
                            "many pictures",
                            study.unit().words(),
                            "mean of the positive part",
                            Map.of()));
            BufferedImage picture = HeatmapPainter.MAP
                    .with(Resampling.NEAREST)
                    .map(
                            heatmap,
                            Scale.robust(heatmap, Polarity.UNSIGNED),
                            WHERE,
                            WHERE * layer.height() / layer.width());
            double across = 0;
            double down = 0;
            for (Example example : portrait.strongest()) {
                across += (example.column() + 0.5) / layer.width();
                down += (example.row() + 0.5) / layer.height();
            }
            return new UnitPage.Figure(
                    picture,
                    String.format(
                            Locale.ROOT,
                            "Positive part of its map, averaged over the pictures, %d×%d positions. In its strongest examples"
                                    + " the maximum lies %.0f %% from the left and %.0f %% from the top, on average.",
                            layer.height(),
                            layer.width(),
                            100 * across / portrait.strongest().size(),
                            100 * down / portrait.strongest().size()));
        }

        private UnitPage.Figure made(UnitFindings.Made made) {
            return new UnitPage.Figure(
                    Images.of(Rgb.picture(made.picture(), 0)),
                    "Optimized from noise in " + made.steps() + " steps to maximize the mean of the channel's map: it"
                            + " reaches " + PageText.number(made.score()) + ". Seed " + made.seed() + ".");
        }

        private UnitPage.Weights weights() {
            Optional<LinearStep> step = LinearStep.of(model, layer.value());
            FilterPainter painter = new FilterPainter(model, WEIGHTS);
            Optional<BufferedImage> colors = step.flatMap(found -> painter.colors(found, channel));
            if (colors.isPresent()) {
                return new UnitPage.Weights(colors, Optional.empty(), List.of());
            }
            List<FilterPainter.Slice> slices = step.map(
                            found -> new FilterPainter(model, SLICE).slices(found, channel, SLICES))
                    .orElse(List.of());
            return new UnitPage.Weights(
                    Optional.empty(), outcome.isPartial() ? Optional.empty() : expanded(painter), slices);
        }

        /** Empty if the path to the pixels is not linear, such as a division that is undefined at zero. */
        private Optional<BufferedImage> expanded(FilterPainter painter) {
            try (LinearPath path = new LinearPath(session)) {
                return Optional.of(painter.expanded(path, layer, channel));
            } catch (VitrineException problem) {
                if (NotFinite.ended(problem)) {
                    return Optional.empty();
                }
                throw problem;
            }
        }
    }
}
