package dev.vitrine.study.synthesis;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.WeightedSum;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.ActivationMaximization;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.study.Stems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Feature visualization: pictures that maximally activate classes and units.
 *
 * @param wanted objectives, processed in order
 * @param words the method and its initialization as named by the user
 * @param frames whether intermediate pictures are kept
 */
public record Visualizing(
        Model model, List<Wanted> wanted, ActivationMaximization method, Words words, long seed, Frames.Kept frames)
        implements PictureStudy {
    /**
     * @param form of the method
     * @param start initialization of the optimization
     */
    public record Words(String form, String start) {}

    /** One objective. */
    public record Wanted(String stem, String title, Objective objective) {
        /** The sum of all objectives. */
        public static Wanted together(List<Wanted> all) {
            String title = String.join(" + ", all.stream().map(Wanted::title).toList());
            return new Wanted(
                    Stems.slug("sum " + title),
                    title,
                    WeightedSum.of(all.stream().map(Wanted::objective).toList()));
        }

        String target() {
            return objective instanceof ClassScore ? title + " (logit)" : title;
        }
    }

    public Visualizing {
        wanted = List.copyOf(wanted);
    }

    @Override
    public String id() {
        return "visualize";
    }

    @Override
    public String title() {
        return "What " + model.name() + " looks for";
    }

    @Override
    public String answers() {
        return "Which pictures maximally activate these classes or units?";
    }

    @Override
    public List<?> asked() {
        return List.of(
                wanted,
                method.options(),
                method.width(),
                method.height(),
                method.images(),
                method.diversity(),
                words,
                method.start() instanceof Start.Image image ? PictureStudy.content(image.picture()) : "",
                seed,
                frames);
    }

    @Override
    public List<Piece> pieces() {
        return wanted.stream()
                .map(one -> new Piece(one.title(), (session, progress) -> make(session, one, progress)))
                .toList();
    }

    private List<MadePicture> make(ModelSession session, Wanted one, Progress progress) {
        Frames seen = new Frames(method.steps(), frames);
        Synthesis made;
        try (ActivationMaximization.Maximizer maximizer = method.on(session, one.objective())) {
            made = maximizer.run(seed, seen, progress);
        }
        Map<String, String> options = new LinkedHashMap<>(method.options());
        options.put("form", words.form());
        options.put("start", words.start());
        options.put("seed", Long.toString(seed));
        Provenance provenance =
                new Provenance(model.name(), words.start(), one.target(), "activation-maximization", options);
        List<MadePicture> pictures = new ArrayList<>();
        for (int image = 0; image < method.images(); image++) {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("score", String.format(Locale.ROOT, "%.5g", made.scores().get(image)));
            facts.put("network says", PictureStudy.said(session, made.picture(image)));
            boolean alone = method.images() == 1;
            pictures.add(new MadePicture(
                    alone ? one.stem() : one.stem() + "-" + (image + 1),
                    alone ? one.title() : one.title() + ", image " + (image + 1),
                    Images.of(made.picture(image)),
                    provenance,
                    facts,
                    made.course().scores(),
                    seen.of(image)));
        }
        return pictures;
    }
}
