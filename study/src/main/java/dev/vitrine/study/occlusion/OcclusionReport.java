package dev.vitrine.study.occlusion;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.perturbation.OcclusionMaps;
import dev.vitrine.lens.perturbation.Windows;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.Stems;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.page.ExplanationPage;
import dev.vitrine.study.page.Summary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Maps and a sheet of each picture, a page of all ({@code index.html}), a summary and every number.
 *
 * @param facts about the network and the program
 */
public record OcclusionReport(ModelSession session, OcclusionStudy study, Map<String, String> facts, Watcher watcher)
        implements Report<Occlusions> {
    @Override
    public List<Path> write(Outcome<Occlusions> outcome, Path folder) {
        List<OccludedPicture> pictures = outcome.result().pictures();
        List<Path> files = new ArrayList<>();
        List<ExplanationPage.Image> images = new ArrayList<>();
        Stems stems = new Stems();
        watcher.begin("drawing", 1);
        for (OccludedPicture picture : pictures) {
            Picture read = study.pictures().read(picture.index());
            OcclusionDrawing drawing = new OcclusionDrawing(study, picture, read, folder, stems.of(picture.name()));
            images.add(drawing.write(projection(picture, read)));
            files.addAll(drawing.files());
            if (!outcome.isPartial()) {
                watcher.report(images.size(), pictures.size());
            }
        }
        watcher.end();
        Map<String, String> made = new LinkedHashMap<>();
        Optional<String> partial = outcome.missing().map(missing -> "stopped after " + missing);
        partial.ifPresent(reason -> made.put(Provenance.PARTIAL, reason));
        made.putAll(facts);
        String subjects = images.size() == 1 ? images.get(0).name() : images.size() + " pictures";
        String title = subjects + " under occlusion, as seen by "
                + study.model().name() + (partial.isPresent() ? " (partial)" : "");
        ExplanationPage page = new ExplanationPage(title, made, images);
        page.write(folder.resolve("index.html"));
        Summary.write(folder.resolve("summary.json"), page);
        OutputFile.write(folder.resolve("occlusion.json"), OcclusionSummary.json(study, pictures, partial));
        files.add(folder.resolve("index.html"));
        return files;
    }

    /** A summary of the class score under occlusion. */
    static String words(OcclusionStudy study, OccludedPicture picture) {
        Windows windows = study.method().windows(study.model());
        Answer answer = new Answer(study.model(), picture.scores());
        double before = Targets.shown(picture.scores(), study.model())[picture.target()];
        float highest = (float) before;
        float lowest = highest;
        int place = 0;
        for (int window = 0; window < picture.shown().length; window++) {
            float shown = picture.shown()[window];
            if (picture.known()[window] && shown < lowest) {
                lowest = shown;
                place = window;
            }
            highest = picture.known()[window] ? Math.max(highest, shown) : highest;
        }
        return String.format(
                Locale.ROOT,
                "%s without occlusion; lowest %s, with the occluder at row %d, column %d; highest %s",
                answer.words(before),
                answer.words(lowest),
                windows.top(place),
                windows.left(place),
                answer.words(highest));
    }

    /** One line per picture. */
    public List<String> overview(Occlusions found) {
        return found.pictures().stream()
                .map(picture ->
                        picture.name() + ": " + study.model().display(picture.target()) + ": " + words(study, picture))
                .toList();
    }

    /**
     * Deconvnet projection of the feature map's strongest neuron; empty if a layer has no derivative, or the run was
     * stopped.
     */
    private Optional<Tensor> projection(OccludedPicture picture, Picture read) {
        Attribution deconvnet = Attributions.find("deconvnet").standard();
        OcclusionMaps.Feature feature = new OcclusionMaps.Feature(study.layer(), picture.channel(), picture.map());
        try {
            return Optional.of(session.explainer(deconvnet, feature.peak())
                    .explain(study.model().preprocessing().apply(read), ModelSession.targets(0), Progress.NONE)
                    .attribution());
        } catch (VitrineException | CancellationException none) {
            return Optional.empty();
        }
    }
}
