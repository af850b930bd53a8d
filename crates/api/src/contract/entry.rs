//! Type-erased methods, over which calls and the generated documents iterate.

use readmark_app::{Interrupt, Refused};
use readmark_model::{Scope, Scopes};
use schemars::{Schema, SchemaGenerator};

use crate::{
    contract::{
        method::{Access, ErrorSet, ErrorSpec, Method, MethodCx},
        params::{ParamSpec, Parameters, ReadCx, Source, Wrong},
        system_error::ApiError,
    },
    wire::Params,
};

/// A type-erased method.
#[derive(Clone, Copy)]
pub struct Entry {
    /// As documented.
    pub name: &'static str,
    /// Scopes, any of which suffices.
    pub scopes: &'static [Scope],
    /// Whether it writes.
    pub access: Access,
    /// Whether it uploads a file.
    pub uploads: bool,
    /// What it does.
    pub summary: &'static str,
    /// Its parameters.
    pub params: &'static [&'static [ParamSpec]],
    /// Its own errors.
    pub errors: &'static [ErrorSpec],
    /// The schema of `result`.
    pub output: fn(&mut SchemaGenerator) -> Schema,
    /// Prepares a call: reads the parameters, and keeps their error until the call is authorised.
    pub prepare: fn(&Params, &ReadCx<'_>) -> Box<dyn PreparedCall>,
}

impl Entry {
    /// The entry of a method.
    #[must_use]
    pub const fn of<M: Method>() -> Self {
        Self {
            name: M::NAME,
            scopes: M::SCOPES,
            access: M::ACCESS,
            uploads: M::UPLOADS,
            summary: M::SUMMARY,
            params: <M::Params as Parameters>::GROUPS,
            errors: M::Error::ALL,
            output: |generator| generator.subschema_for::<M::Output>(),
            prepare: |params, cx| Box::new(TypedCall::<M>::read(params, cx)),
        }
    }

    /// Its parameters, in order.
    pub fn params(&self) -> impl Iterator<Item = &'static ParamSpec> + Clone + use<> {
        self.params.iter().copied().flatten()
    }

    /// Whether a caller with these scopes may call it.
    #[must_use]
    pub fn is_allowed(&self, scopes: Scopes) -> bool {
        self.scopes.is_empty() || self.scopes.iter().any(|scope| scopes.has(*scope))
    }
}

/// An answer, with its result written as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawReply {
    /// `result` as JSON.
    pub result: String,
    /// `total`, for lists.
    pub total: Option<i64>,
    /// `next`, for lists with further pages.
    pub next: Option<i64>,
}

/// A call with its parameters read, that can be run, and run again after a lost race.
pub trait PreparedCall: Send + Sync {
    /// Calls the method.
    ///
    /// # Errors
    /// The method's own error as clients see it, or a fault.
    fn run(&self, cx: &mut MethodCx<'_>) -> Result<RawReply, Refused<ApiError>>;
}

/// The parameters of a call, or their error.
struct TypedCall<M: Method>(Result<M::Params, ApiError>);

impl<M: Method> TypedCall<M> {
    fn read(params: &Params, cx: &ReadCx<'_>) -> Self {
        let read = M::Params::read(Source::Call(params), cx);
        Self(read.map_err(|wrong| match wrong {
            Wrong::Own(error) => ApiError(Into::<M::Error>::into(error).spec()),
            Wrong::Type(error) => ApiError(error),
        }))
    }
}

impl<M: Method> PreparedCall for TypedCall<M> {
    fn run(&self, cx: &mut MethodCx<'_>) -> Result<RawReply, Refused<ApiError>> {
        let params = self.0.as_ref().map_err(|error| Refused::Because(*error))?;
        let reply = M::call(cx, params)
            .map_err(|refused| refused.map(|error: M::Error| ApiError(error.spec())))?;
        let result = serde_json::to_string(&reply.result).map_err(|_| {
            Interrupt::Fault(readmark_store::StoreError::Decode(
                "a result that is no JSON",
            ))
        })?;
        Ok(RawReply {
            result,
            total: reply.total,
            next: reply.next,
        })
    }
}
