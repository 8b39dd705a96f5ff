package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.Openable;
import dev.vitrine.lens.setting.Settings;
import java.util.Map;

/**
 * Computes how much each part of a picture contributes to an objective. An implementation is a record of the method's
 * hyper-parameters.
 */
public interface Attribution extends GraphKey, Openable<Explainer> {
    /** What the values of an attribution refer to. */
    enum Form {
        /** One number for each input value. */
        PIXELS,
        /** One number for each place of a layer, or of the picture. */
        MAP
    }

    /** How channels are reduced to one number per pixel. */
    enum Reduction {
        /** Σ over channels: contributions add up. */
        SUM,
        /** max |·| over channels, for slopes, whose sign means little. */
        MAXIMUM,
        /** Shown as a color picture around gray. */
        COLOR
    }

    /** Meaning of the sign of an attribution. */
    enum Sign {
        SIGNED,
        POSITIVE
    }

    /**
     * A method's name, and how its values are to be read.
     *
     * @param id kebab-case name, the same on the command line, in files and in the manual
     */
    record Traits(String id, Form form, Reduction reduction, Sign sign) {}

    Traits traits();

    default String id() {
        return traits().id();
    }

    default Form form() {
        return traits().form();
    }

    default Reduction reduction() {
        return traits().reduction();
    }

    default Sign sign() {
        return traits().sign();
    }

    /** Hyper-parameters by name, for provenance. */
    default Map<String, String> options() {
        return Settings.texts(this);
    }

    /** {@link #options()} resolved for a model: settings left open, such as the layer, are filled in. */
    default Map<String, String> optionsOn(Model model) {
        return options();
    }

    /**
     * The method with what is left open and depends on the objective told, as the layer of a class activation map for a
     * unit. A usage error where the method cannot be made for the objective.
     */
    default Attribution settled(Model model, Objective objective) {
        return this;
    }

    /** Shape of the attribution of one sample: the input's for {@link Form#PIXELS}, {@code [1,1,h,w]} for a map. */
    default long[] shape(Model model) {
        return model.sampleShape();
    }

    /** About how many times the network is evaluated for one picture, for progress; a gradient counts as three. */
    default long evaluations(Model model) {
        return 3;
    }

    /** The attribution of one sample as it is painted over the picture; numbers for windows become numbers for pixels. */
    default Tensor shown(Tensor attribution, Model model) {
        return attribution;
    }

    /** Whether it is for this kind of network at all, such as for detectors; where not, nobody misses it. */
    default boolean isFor(Model model) {
        return true;
    }

    /** The method, checked against the model and for its baseline. */
    @Override
    default Explainer open(ModelSession session, Objective objective) {
        PictureAttribution.require(this, session.model());
        Explainer explainer = on(session, objective);
        return this instanceof BaselineAttribution held
                ? new BaselineCheck(session, held, objective, explainer)
                : explainer;
    }

    /** Opens the method; expensive, call once. */
    Explainer on(ModelSession session, Objective objective);
}
