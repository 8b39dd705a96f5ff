package dev.vitrine.app.perturbation;

import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.perturbation.OcclusionMaps;
import dev.vitrine.lens.perturbation.Windows;
import dev.vitrine.lens.render.ChannelReduction;
import dev.vitrine.lens.render.ClassRegions;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.KeyedPicture;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.color.Key;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.Stems;
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.page.ExplanationPage;
import dev.vitrine.study.page.Summary;
import dev.vitrine.study.report.OcclusionSummary;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The folder of {@code vitrine occlude}: maps and a sheet for each picture; a page and the numbers at the end. */
final class OcclusionFolder {
    private static final int COLUMNS = 3;

    private final Path folder;
    private final ModelSession session;
    private final Model model;
    private final Occlusion method;
    private final Stems stems = new Stems();
    private final List<ExplanationPage.Image> images = new ArrayList<>();
    private final List<OcclusionSummary.Picture> numbers = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    /**
     * A picture with the network's answer.
     *
     * @param logits {@code f32[1,classes]}
     */
    record Subject(String name, Picture view, Tensor logits, int target) {}

    OcclusionFolder(Path folder, ModelSession session, Occlusion method) {
        this.folder = folder;
        this.session = session;
        this.model = session.model();
        this.method = method;
    }

    /** What deconvnet draws for the strongest neuron of a feature map, or nothing where a layer has no derivative. */
    Optional<Tensor> projection(OcclusionMaps.Feature feature, Tensor image) {
        Attribution deconvnet = Attributions.find("deconvnet").standard();
        try {
            return Optional.of(session.explainer(deconvnet, feature.peak())
                    .explain(image, ModelSession.targets(0), Progress.NONE)
                    .attribution());
        } catch (VitrineException noDerivative) {
            return Optional.empty();
        }
    }

    /** Lines for people about the picture written last. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    void write(Subject subject, OcclusionMaps.Feature feature, OcclusionMaps maps, Optional<Tensor> projection) {
        lines.clear();
        new Drawing(subject, feature, maps).write(projection);
        numbers.add(new OcclusionSummary.Picture(subject.name(), subject.logits(), subject.target(), feature, maps));
    }

    /**
     * Writes page, summary and numbers.
     *
     * @param partial why they are not whole
     */
    void finish(Optional<String> partial) {
        Map<String, String> facts = new LinkedHashMap<>();
        partial.ifPresent(reason -> facts.put(Provenance.PARTIAL, reason));
        facts.putAll(ModelFacts.of(model, Map.of()));
        String subjects = images.size() == 1 ? images.get(0).name() : images.size() + " pictures";
        String title = subjects + " with each part covered, as seen by " + model.name()
                + (partial.isPresent() ? " (partial)" : "");
        ExplanationPage page = new ExplanationPage(title, facts, images);
        page.write(folder.resolve("index.html"));
        Summary.write(folder.resolve("summary.json"), page);
        OutputFile.write(
                folder.resolve("occlusion.json"),
                OcclusionSummary.json(model, method.optionsOn(model), numbers, partial));
    }

    /** All that is drawn of one picture. */
    private final class Drawing {
        private final Subject subject;
        private final OcclusionMaps.Feature feature;
        private final OcclusionMaps maps;
        private final Windows windows;
        private final BufferedImage view;
        private final String stem;
        private final String label;
        private final Answer answer;
        private final double before;
        private final List<ExplanationPage.Card> cards = new ArrayList<>();
        private final List<Montage.Cell> cells = new ArrayList<>();

        Drawing(Subject subject, OcclusionMaps.Feature feature, OcclusionMaps maps) {
            this.subject = subject;
            this.feature = feature;
            this.maps = maps;
            this.windows = maps.windows();
            this.view = Images.of(subject.view());
            this.stem = stems.of(subject.name());
            this.label = model.display(subject.target());
            this.answer = new Answer(model, subject.logits());
            this.before = Targets.shown(subject.logits(), model)[subject.target()];
        }

        void write(Optional<Tensor> projection) {
            cells.add(new Montage.Cell(view, subject.name() + ": " + label + " " + answer.words(before)));
            shown();
            if (model.classes() > 1 && model.head().kind() != HeadKind.NUMBERS) {
                likeliest();
            }
            activation();
            featureMap();
            projection.ifPresent(this::projection);
            Path sheet = folder.resolve(stem + "-occlusion.png");
            Png.write(
                    sheet,
                    new Montage(KeyedPicture.aligned(cells), COLUMNS).image(),
                    Sheet.facts(provenance("occlusion maps", Map.of())));
            lines.add(sheet.toString());
            images.add(new ExplanationPage.Image(subject.name(), view, answer.top(), cards));
        }

        private Provenance provenance(String what, Map<String, String> more) {
            Map<String, String> options = new LinkedHashMap<>();
            if (maps.done() < windows.count()) {
                options.put(Provenance.PARTIAL, "stopped after " + maps.done() + " of " + windows.count() + " windows");
            }
            options.putAll(more);
            Map<String, String> own = method.optionsOn(model);
            own.remove("measure");
            options.putAll(own);
            return new Provenance(model.name(), subject.name(), label, what, options);
        }

        private void shown() {
            float[] shown = maps.shown(subject.target(), model);
            float highest = (float) before;
            float lowest = highest;
            int place = 0;
            for (int window = 0; window < shown.length; window++) {
                if (maps.known()[window] && shown[window] < lowest) {
                    lowest = shown[window];
                    place = window;
                }
                highest = maps.known()[window] ? Math.max(highest, shown[window]) : highest;
            }
            String note = String.format(
                    Locale.ROOT,
                    "%s with nothing covered; lowest, %s, with the window at row %d, column %d; highest %s",
                    answer.words(before),
                    answer.words(lowest),
                    windows.top(place),
                    windows.left(place),
                    answer.words(highest));
            lines.add(label + ": " + note);
            boolean likely = model.head().hasProbabilities();
            String unit = model.head().unit();
            drops(
                    unit,
                    likely
                            ? "Probability of the class"
                            : unit.substring(0, 1).toUpperCase(Locale.ROOT) + unit.substring(1),
                    "How much does the " + unit
                            + " fall with a window here? Red: what raises it; blue: what lowers it.",
                    before,
                    shown,
                    Map.of(),
                    note);
        }

        private void activation() {
            drops(
                    "activation",
                    "Activation of the feature map",
                    "How much does the activation fall with a window here? Red: what raises it; blue: what lowers it.",
                    feature.sum(),
                    maps.sums(),
                    layer(),
                    String.format(Locale.ROOT, "sum %.4g with nothing covered", feature.sum()));
        }

        private Map<String, String> layer() {
            Map<String, String> layer = new LinkedHashMap<>();
            layer.put("layer", feature.layer().name());
            layer.put("channel", Integer.toString(feature.channel()));
            return layer;
        }

        /** By how much a number falls with each window, as a map that is clear where it stays or nobody asked. */
        private void drops(
                String id,
                String title,
                String answers,
                double uncovered,
                float[] covered,
                Map<String, String> more,
                String note) {
            float[] drops = new float[covered.length];
            float largest = 0;
            for (int window = 0; window < drops.length; window++) {
                if (maps.known()[window]) {
                    drops[window] = (float) (uncovered - covered[window]);
                    largest = Math.max(largest, Math.abs(drops[window]));
                }
            }
            Heatmap heatmap = new Heatmap(
                    Tensor.floats(windows.between(drops), windows.height(), windows.width()),
                    provenance("drop of the " + id + " under occlusion", more));
            Scale scale = new Scale(Polarity.SIGNED, 0 - largest, largest, 1);
            Sheet sheet = Sheet.overlay(HeatmapPainter.OVERLAY, heatmap, scale, view);
            card(
                    id,
                    title,
                    answers,
                    sheet.picture(),
                    sheet.key(),
                    ExplanationPage.Overlay.of(heatmap, scale, view),
                    heatmap.provenance(),
                    note);
        }

        private void likeliest() {
            int[] perWindow = maps.likeliest(model);
            int[] nearest = windows.nearest();
            int[] perPixel = new int[nearest.length];
            for (int pixel = 0; pixel < nearest.length; pixel++) {
                perPixel[pixel] = perWindow[nearest[pixel]];
            }
            ClassRegions regions = new ClassRegions(windows.width(), perPixel, subject.target(), model::display);
            card(
                    "likeliest",
                    "Likeliest class",
                    "What does the network say with a window here?",
                    regions.over(view),
                    Optional.of(regions.key()),
                    new ExplanationPage.Cover(regions.layer(), regions.key()),
                    provenance("likeliest class under occlusion", Map.of()),
                    regions.key().entries().size() == 1 ? "the same class wherever the window is" : "");
        }

        private void featureMap() {
            Provenance provenance = provenance("strongest feature map", layer());
            Heatmap heatmap = new Heatmap(feature.map(), provenance);
            Scale scale = Scale.robust(heatmap, Polarity.UNSIGNED);
            Sheet sheet = Sheet.overlay(HeatmapPainter.OVERLAY, heatmap, scale, view);
            card(
                    "feature",
                    "The strongest feature map",
                    "Where is the feature map active, with nothing covered?",
                    sheet.picture(),
                    sheet.key(),
                    ExplanationPage.Overlay.of(heatmap, scale, view),
                    provenance,
                    "");
        }

        private void projection(Tensor attribution) {
            BufferedImage picture = HeatmapPainter.pixels(ChannelReduction.colours(attribution, model.preprocessing()));
            card(
                    "projection",
                    "What its strongest neuron sees",
                    "Which structure of the picture drives the feature map's strongest place, by deconvnet?",
                    picture,
                    Optional.empty(),
                    new ExplanationPage.Picture(picture),
                    provenance("projection of " + feature.peak().description(), Map.of()),
                    "");
        }

        private void card(
                String id,
                String title,
                String answers,
                BufferedImage picture,
                Optional<? extends Key> key,
                ExplanationPage.Figure figure,
                Provenance provenance,
                String note) {
            String name = stem + "-" + id + ".png";
            new Sheet(picture, provenance, key).write(folder.resolve(name));
            lines.add(folder.resolve(name).toString());
            List<String> notes = new ArrayList<>();
            if (provenance.isPartial()) {
                notes.add("Partial: " + provenance.options().get(Provenance.PARTIAL)
                        + ". Places that were not asked about stay clear.");
            }
            if (!note.isEmpty()) {
                notes.add(note);
            }
            BufferedImage cell =
                    key.map(present -> KeyedPicture.of(picture, present)).orElse(picture);
            cells.add(new Montage.Cell(cell, title + (note.isEmpty() ? "" : ": " + note.split(";")[0])));
            cards.add(new ExplanationPage.Card(title, answers, figure, provenance, Map.of(), notes, List.of(name)));
        }
    }
}
