package dev.vitrine.study.occlusion;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.objective.Targets;
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
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.page.ExplanationPage;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All drawings of one picture. */
final class OcclusionDrawing {
    private static final int COLUMNS = 3;

    private final OcclusionStudy study;
    private final Model model;
    private final OccludedPicture picture;
    private final OcclusionMaps.Feature feature;
    private final Windows windows;
    private final BufferedImage view;
    private final Path folder;
    private final String stem;
    private final String label;
    private final Answer answer;
    private final double before;
    private final List<ExplanationPage.Card> cards = new ArrayList<>();
    private final List<Montage.Cell> cells = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    OcclusionDrawing(OcclusionStudy study, OccludedPicture picture, Picture read, Path folder, String stem) {
        this.study = study;
        this.model = study.model();
        this.picture = picture;
        this.feature = new OcclusionMaps.Feature(study.layer(), picture.channel(), picture.map());
        this.windows = study.method().windows(model);
        this.view = Images.of(model.preprocessing().view(read));
        this.folder = folder;
        this.stem = stem;
        this.label = model.display(picture.target());
        this.answer = new Answer(model, picture.scores());
        this.before = Targets.shown(picture.scores(), model)[picture.target()];
    }

    /** Files written. */
    List<Path> files() {
        return List.copyOf(files);
    }

    /** The picture's entry on the page. */
    ExplanationPage.Image write(Optional<Tensor> projection) {
        cells.add(new Montage.Cell(view, picture.name() + ": " + label + " " + answer.words(before)));
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
        files.add(sheet);
        return new ExplanationPage.Image(picture.name(), view, answer.top(), cards);
    }

    private Provenance provenance(String what, Map<String, String> more) {
        Map<String, String> options = new LinkedHashMap<>();
        if (picture.done() < windows.count()) {
            options.put(Provenance.PARTIAL, "stopped after " + picture.done() + " of " + windows.count() + " windows");
        }
        options.putAll(more);
        Map<String, String> own = study.method().optionsOn(model);
        own.remove("measure");
        options.putAll(own);
        return new Provenance(model.name(), picture.name(), label, what, options);
    }

    private void shown() {
        float[] shown = picture.shown();
        String note = OcclusionReport.words(study, picture);
        boolean likely = model.head().hasProbabilities();
        String unit = model.head().unit();
        drops(
                unit,
                likely ? "Probability of the class" : unit.substring(0, 1).toUpperCase(Locale.ROOT) + unit.substring(1),
                "How much does the " + unit
                        + " drop when this location is occluded? Red regions raise it; blue regions lower it.",
                before,
                shown,
                Map.of(),
                note);
    }

    private void activation() {
        drops(
                "activation",
                "Activation of the feature map",
                "How much does the activation drop when this location is occluded? Red regions raise it; blue regions lower it.",
                feature.sum(),
                picture.sums(),
                layer(),
                String.format(Locale.ROOT, "sum %.4g without occlusion", feature.sum()));
    }

    private Map<String, String> layer() {
        Map<String, String> layer = new LinkedHashMap<>();
        layer.put("layer", feature.layer().name());
        layer.put("channel", Integer.toString(feature.channel()));
        return layer;
    }

    /** The drop of a value with each window, as a map that is transparent where it is unchanged or not evaluated. */
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
            if (picture.known()[window]) {
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
        int[] perWindow = picture.likeliest();
        int[] nearest = windows.nearest();
        int[] perPixel = new int[nearest.length];
        for (int pixel = 0; pixel < nearest.length; pixel++) {
            perPixel[pixel] = perWindow[nearest[pixel]];
        }
        ClassRegions regions = new ClassRegions(windows.width(), perPixel, picture.target(), model::display);
        card(
                "likeliest",
                "Most likely class",
                "What does the network predict when this location is occluded?",
                regions.over(view),
                Optional.of(regions.key()),
                new ExplanationPage.Cover(regions.layer(), regions.key()),
                provenance("likeliest class under occlusion", Map.of()),
                regions.key().entries().size() == 1 ? "the same class for every window position" : "");
    }

    private void featureMap() {
        Provenance provenance = provenance("strongest feature map", layer());
        Heatmap heatmap = new Heatmap(feature.map(), provenance);
        Scale scale = Scale.robust(heatmap, Polarity.UNSIGNED);
        Sheet sheet = Sheet.overlay(HeatmapPainter.OVERLAY, heatmap, scale, view);
        card(
                "feature",
                "The strongest feature map",
                "Where is the feature map active without occlusion?",
                sheet.picture(),
                sheet.key(),
                ExplanationPage.Overlay.of(heatmap, scale, view),
                provenance,
                "");
    }

    private void projection(Tensor attribution) {
        BufferedImage drawn = HeatmapPainter.pixels(ChannelReduction.colors(attribution, model.preprocessing()));
        card(
                "projection",
                "Projection of its strongest neuron",
                "Which structure in the picture activates the feature map's strongest position (deconvnet)?",
                drawn,
                Optional.empty(),
                new ExplanationPage.Picture(drawn),
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
        files.add(folder.resolve(name));
        List<String> notes = new ArrayList<>();
        if (provenance.isPartial()) {
            notes.add("Partial: " + provenance.options().get(Provenance.PARTIAL)
                    + ". Locations that were not evaluated are transparent.");
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
