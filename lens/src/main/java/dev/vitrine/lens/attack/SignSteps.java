package dev.vitrine.lens.attack;

import java.util.Optional;

/** An attack whose changes are at most ε in every value. */
interface SignSteps extends WhiteBox {
    double epsilon();

    @Override
    default Norm norm() {
        return Norm.LINF;
    }

    default Ball ball() {
        return new Ball(Norm.LINF, epsilon());
    }

    @Override
    default Optional<Ball> bound() {
        return Optional.of(ball());
    }
}
