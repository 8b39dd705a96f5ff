package dev.vitrine.study.cue;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.visualization.CarriedCues;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Pieces;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Pictures with the shape of one class and the texture of another, by style transfer. Geirhos et al. 2019,
 * arXiv:1811.12231.
 */
public record ConflictStudy(
        Model model,
        PictureList shapes,
        PictureList textures,
        List<CuePair> pairs,
        StyleTransfer.Chosen layers,
        StyleTransfer method,
        long seed)
        implements Study<Conflicts> {
    private static final int FORMAT = 1;

    public ConflictStudy {
        pairs = List.copyOf(pairs);
    }

    @Override
    public String id() {
        return "cue-conflict";
    }

    @Override
    public Outcome<Conflicts> run(StudyContext context) {
        Watcher watcher = context.watcher();
        ModelSession session = context.session(model);
        Pieces<Conflicts> kept = context.parts()
                .pieces(
                        Question.of(id(), FORMAT)
                                .with(model)
                                .with(shapes)
                                .with("textures", digest())
                                .with("pairs", pairs.toString())
                                .with("layers", layers.toString())
                                .with("method", method.options().toString())
                                .with("seed", seed),
                        Conflicts.class);
        List<Conflicts.Conflict> made = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        Optional<String> missing = Optional.empty();
        int done = 0;
        try {
            for (CuePair pair : pairs) {
                watcher.check();
                watcher.begin(pair.file(), 1.0 / pairs.size());
                try {
                    made.addAll(kept.done("pair-" + done, () -> new Conflicts(List.of(made(pair, session, watcher))))
                            .pictures());
                } catch (VitrineException broken) {
                    if (pairs.size() == 1 || broken.kind() == VitrineException.Kind.USAGE) {
                        throw broken;
                    }
                    unreadable.add(pair.file() + ": " + broken.getMessage());
                    watcher.leftOut(pair.file() + ": " + broken.getMessage());
                }
                done++;
            }
        } catch (CancellationException stopped) {
            if (made.isEmpty()) {
                throw stopped;
            }
            missing = Optional.of(done + " of " + pairs.size() + " pictures");
        } finally {
            watcher.end();
        }
        if (made.isEmpty()) {
            throw VitrineException.failure(
                    "None of the " + pairs.size() + " pictures could be made. The first: " + unreadable.get(0));
        }
        return new Outcome<>(new Conflicts(made), unreadable, missing);
    }

    private String digest() {
        StringBuilder all = new StringBuilder();
        for (int index = 0; index < textures.size(); index++) {
            all.append(textures.name(index))
                    .append(' ')
                    .append(textures.content(index))
                    .append('\n');
        }
        return all.toString();
    }

    private Conflicts.Conflict made(CuePair pair, ModelSession session, Progress progress) {
        Picture shape = model.preprocessing().view(shapes.read(pair.shape())).withoutBands();
        Picture texture =
                model.preprocessing().view(textures.read(pair.texture())).withoutBands();
        Picture made = method.run(
                        session, shape, texture, layers, new Start.Image(shape), seed, Search.Watch.NONE, progress)
                .picture(0);
        return new Conflicts.Conflict(
                pair.file(),
                shapes.name(pair.shape()),
                textures.name(pair.texture()),
                CarriedCues.of(session, made, shape, texture, layers.style()),
                Images.of(made));
    }
}
